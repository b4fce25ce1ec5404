# What looks at a set before anything is restored from it, and what puts the files of a listing back together.

# The manifest of a sealed set of the series.
function Get-LbSealed {
    param([hashtable]$Execution, [string]$Set)
    $file = Get-LbSeriesPath -Execution $Execution -Child ('sets/' + $Set + '/manifest.json')
    $series = Get-LbSeriesName -Job $Execution['Job']
    if ($Set -cnotmatch $script:LbRunName -or -not (Test-LbFile -Path $file)) {
        throw (Get-LbStepFailure -Code 'no-set' -Say 'noSet' -With @($Set, $series) -Advise 'noSetAdvice')
    }
    $manifest = Read-LbDocument -Path $file -Name 'manifest'
    if ($manifest['set'] -ceq $Set -and $manifest['series'] -ceq $series) { return $manifest }
    $advice = Get-LbMessage -Name 'anotherSet' -With @($manifest['series'], $manifest['set'])
    throw (Get-LbFailure -Code 'no-set' -Message (Get-LbMessage -Name 'noSet' -With @($Set, $series)) -Advice $advice)
}

function Invoke-LbVerify {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $set = Resolve-LbTextValue -Execution $Execution -Value $Step['set']
    $manifest = Get-LbSealed -Execution $Execution -Set $set
    $top = (Get-LbSeriesPath -Execution $Execution -Child '').TrimEnd('\')
    $failures = @(Find-LbDamage -Execution $Execution -Path $top -Manifest $manifest -Level $Step['level'])
    $failures += @(Get-LbStanding -Path $top -Manifest $manifest -Found $failures)
    $count = $manifest['artefacts'].Length
    Write-LbVerified -Path $top -Series $manifest['series'] -Set $set -Level $Step['level'] -Count $count -Bytes $manifest['bytes'] -Failures $failures
    Assert-LbSound -Set $set -Failures $failures
    $message = Get-LbMessage -Name 'verified' -With @($set, $Step['level'], $count)
    return Get-LbDone -Message $message -Data ([ordered]@{ artefacts = $count; failures = @() })
}

function Assert-LbSound {
    param([string]$Set, [object[]]$Failures)
    if ($Failures.Length -eq 0) { return }
    $texts = [string[]]@(foreach ($one in $Failures) { '{0}: {1}' -f $one['path'], ([regex]::Replace($one['message'], '\.\z', '')) })
    throw (Get-LbStepFailure -Code 'set-damaged' -Say 'setDamaged' -With @($Set, [string]::Join('; ', $texts)) -Advise 'setDamagedAdvice')
}

# Of a backup of SQL Server only the server can say that it is good: what it has said against one stays.
function Get-LbStanding {
    param([string]$Path, [System.Collections.IDictionary]$Manifest, [object[]]$Found)
    $file = Join-LbPath -Path $Path -Child ('side/' + $Manifest['set'] + '.verified.json')
    if (-not (Test-LbFile -Path $file)) { return }
    $known = @(foreach ($one in $Found) { $one['path'] })
    foreach ($before in (Get-LbField -From (Read-LbDocument -Path $file -Name 'verified') -Name 'failures' -Default @())) {
        $artefact = Find-LbArtefact -Manifest $Manifest -Path $before['path']
        if ($null -ne $artefact -and $artefact['format'] -ceq 'bak' -and $known -cnotcontains $before['path']) { $before }
    }
}

# All is looked at before the first file is written: nothing is put together by halves.
function Invoke-LbAssemble {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $set = Resolve-LbTextValue -Execution $Execution -Value $Step['set']
    $destination = Resolve-LbTextValue -Execution $Execution -Value $Step['destination']
    [void](Get-LbSealed -Execution $Execution -Set $set)
    $listing = Get-LbSeriesPath -Execution $Execution -Child ('sets/' + $set + '/' + $script:LbListing)
    if (-not (Test-LbFile -Path $listing)) { throw (Get-LbStepFailure -Code 'no-listing' -Say 'nothingListed' -With @($set)) }
    $lines = @(Select-LbLine -Line @(Read-LbListing -Path $listing) -Wanted $Step['paths'] -Set $set)
    $top = (Get-LbSeriesPath -Execution $Execution -Child '').TrimEnd('\')
    $wrong = @(foreach ($line in $lines) {
            $problem = Find-LbFileDamage -Execution $Execution -Path $top -Line $line -Hashed $true
            if ($null -ne $problem) { [ordered]@{ path = $line['set'] + '/' + $script:LbFiles + '/' + $line['path']; message = $problem } }
        })
    Assert-LbSound -Set $set -Failures $wrong
    $bytes = [long]0
    foreach ($line in $lines) { $bytes += $line['bytes'] }
    Add-LbFolder -Path $destination
    if ((Get-LbFreeByte -Path $destination) -lt $bytes) { throw (Get-LbStepFailure -Code 'disk-full' -Say 'noRoom' -With @($bytes, $destination)) }
    foreach ($line in $lines) {
        Copy-LbBack -Execution $Execution -Path $top -Line $line -Destination $destination
    }
    $message = Get-LbMessage -Name 'assembled' -With @($lines.Length, $bytes, $destination)
    return Get-LbDone -Message $message -Data ([ordered]@{ files = $lines.Length; bytes = $bytes })
}

# Those that were asked for; a folder stands for all that is in it. To be taken as @(...).
function Select-LbLine {
    param([object[]]$Line, $Wanted, [string]$Set)
    if ($null -eq $Wanted) { return $Line }
    $seen = New-Object -TypeName System.Collections.Hashtable -ArgumentList ([System.StringComparer]::OrdinalIgnoreCase)
    foreach ($path in $Wanted) {
        $plain = ([string]$path).Replace('\', '/').TrimEnd('/')
        $found = $false
        foreach ($one in $Line) {
            $isIt = (Test-LbSameText -One $plain -Other $one['path']) -or $one['path'].StartsWith($plain + '/', [System.StringComparison]::OrdinalIgnoreCase)
            if (-not $isIt) { continue }
            $found = $true
            if ($seen.ContainsKey($one['path'])) { continue }
            $seen[$one['path']] = $true
            $one
        }
        if (-not $found) { throw (Get-LbStepFailure -Code 'not-found' -Say 'notInSet' -With @($path, $Set)) }
    }
}

function Copy-LbBack {
    param([hashtable]$Execution, [string]$Path, [System.Collections.IDictionary]$Line, [string]$Destination)
    $from = Join-LbPath -Path $Path -Child ('sets/' + $Line['set'] + '/' + $script:LbFiles + '/' + $Line['path'])
    $to = Join-LbPath -Path $Destination -Child $Line['path']
    Copy-LbFile -From $from -To $to -Execution $Execution
    if ((Get-LbFileHash -Path $to -Execution $Execution) -cne $Line['sha256']) {
        throw (Get-LbStepFailure -Code 'copy-differs' -Say 'copyDiffers' -With @($Line['path']) -Advise 'copyDiffersAdvice')
    }
    [System.IO.File]::SetLastWriteTimeUtc((Get-LbNativePath -Path $to -Change), (ConvertFrom-LbInstant -Text $Line['modifiedAt']))
}
