# What looks at a set before anything is restored from it, and what puts the files of a listing back together.

# The manifest of a sealed set of the series.
function Get-LbSealed {
    param([hashtable]$Execution, [string]$Set)
    $file = Get-LbSeriesPath -Execution $Execution -Child ('sets/' + $Set + '/manifest.json')
    $series = Get-LbSeries -Job $Execution['Job']
    if ($Set -cnotmatch $script:LbRunName -or -not (Test-LbFile -Path $file)) {
        throw (Get-LbStepFailure -Code 'not-found' -Say 'noSuchSet' -With @($Set, $series))
    }
    return Read-LbManifest -Path $file -Series $series -Set $Set
}

function Invoke-LbVerify {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $set = Resolve-LbTextValue -Execution $Execution -Value $Step['set']
    $manifest = Get-LbSealed -Execution $Execution -Set $set
    $folder = Get-LbSeriesPath -Execution $Execution -Child ('sets/' + $set)
    $failures = @(Find-LbDamage -Execution $Execution -Folder $folder -Manifest $manifest -Level $Step['level'])
    $count = $manifest['artefacts'].Length
    Write-LbVerified -Path ((Get-LbSeriesPath -Execution $Execution -Child '').TrimEnd('\')) -Series $manifest['series'] -Set $set `
        -Level $Step['level'] -Count $count -Bytes $manifest['bytes'] -Failures $failures
    $texts = [string[]]@(foreach ($one in $failures) { '{0}: {1}' -f $one['path'], $one['message'] })
    if ($texts.Length -gt 0) {
        throw (Get-LbStepFailure -Code 'set-damaged' -Say 'verifyFailed' -With @($set, [string]::Join('; ', $texts)) -Advise 'verifyAdvice')
    }
    $message = Get-LbMessage -Name 'verified' -With @($count, 0)
    return Get-LbDone -Message $message -Data ([ordered]@{ artefacts = $count; failures = @() })
}

function Invoke-LbAssemble {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $set = Resolve-LbTextValue -Execution $Execution -Value $Step['set']
    $destination = Resolve-LbTextValue -Execution $Execution -Value $Step['destination']
    $manifest = Get-LbSealed -Execution $Execution -Set $set
    $wanted = Get-LbField -From $Step -Name 'paths' -Default @()
    $seen = @{}
    $files = 0
    $bytes = [long]0
    foreach ($artefact in $manifest['artefacts']) {
        if ($artefact['format'] -cne 'jsonl' -or $artefact['datum'] -cne 'file-store') { continue }
        $listing = Get-LbSeriesPath -Execution $Execution -Child ('sets/' + $set + '/' + $artefact['path'])
        foreach ($line in @(Read-LbListing -Path $listing)) {
            $asked = Find-LbAsked -Path $line['path'] -Wanted $wanted
            if ($null -eq $asked) { continue }
            $seen[$asked] = $true
            Copy-LbBack -Execution $Execution -Line $line -Destination $destination
            $files++
            $bytes += $line['bytes']
        }
    }
    foreach ($one in $wanted) {
        if (-not $seen.ContainsKey($one)) { throw (Get-LbStepFailure -Code 'not-found' -Say 'notInListing' -With @($one, $set)) }
    }
    return Get-LbDone -Message (Get-LbMessage -Name 'assembled' -With @($files)) -Data ([ordered]@{ files = $files; bytes = $bytes })
}

# Which of the paths that were asked for it is, or lies below; where none was asked for, all are.
function Find-LbAsked {
    param([string]$Path, [object[]]$Wanted)
    if ($Wanted.Length -eq 0) { return '' }
    foreach ($one in $Wanted) {
        $plain = ([string]$one).Replace('\', '/').Trim('/')
        if ((Test-LbSameText -One $plain -Other $Path) -or $Path.StartsWith($plain + '/', [System.StringComparison]::OrdinalIgnoreCase)) { return [string]$one }
    }
    return $null
}

function Copy-LbBack {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Line, [string]$Destination)
    $from = Get-LbSeriesPath -Execution $Execution -Child ('sets/' + $Line['set'] + '/' + $script:LbFiles + '/' + $Line['path'])
    $to = Join-LbPath -Path $Destination -Child $Line['path']
    Copy-LbFile -From $from -To $to -Execution $Execution
    if ((Get-LbFileHash -Path $to -Execution $Execution) -cne $Line['sha256']) {
        throw (Get-LbStepFailure -Code 'set-damaged' -Say 'badCopy' -With @($Line['path'], $Line['set']) -Advise 'badCopyAdvice')
    }
    [System.IO.File]::SetLastWriteTimeUtc((Get-LbNativePath -Path $to -Change), (ConvertFrom-LbInstant -Text $Line['modifiedAt']))
}
