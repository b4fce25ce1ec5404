# The kinds that make a set of what was made, and that remove old ones.

function Invoke-LbPublish {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $target = (Get-LbTarget -Execution $Execution)['path']
    $artefacts = @(foreach ($one in $Execution['Artefacts']) { if ($one['In'] -ceq 'work') { $one } })
    $bytes = [long]0
    foreach ($one in $artefacts) { if ($null -ne $one['Bytes']) { $bytes += $one['Bytes'] } }
    Assert-LbTargetThere -Execution $Execution
    Clear-LbRemain -Execution $Execution
    $keep = Get-LbField -From $Step -Name 'keepFreeBytes' -Default 0
    $free = Get-LbFreeByte -Path $target
    if ($free - $bytes -lt $keep) {
        throw (Get-LbStepFailure -Code 'disk-full' -Say 'tooFull' -With @($target, $free, $bytes, $keep) -Advise 'tooFullAdvice')
    }
    $Execution['HasSetFolder'] = $true
    Add-LbFolder -Path (Get-LbSetPath -Execution $Execution -File '')
    foreach ($one in $artefacts) {
        $to = Get-LbSetPath -Execution $Execution -File $one['Path']
        Copy-LbFile -From (Get-LbWorkPath -Execution $Execution -File $one['Path']) -To $to -Execution $Execution
        if ((Get-LbFileHash -Path $to -Execution $Execution) -cne $one['Sha256']) {
            throw (Get-LbStepFailure -Code 'copy-differs' -Say 'copyDiffers' -With @($one['Path']) -Advise 'copyDiffersAdvice')
        }
    }
    Clear-LbPath -Path (Get-LbWorkPath -Execution $Execution -File '')
    $message = Get-LbMessage -Name 'published' -With @($artefacts.Length, $target)
    return Get-LbDone -Message $message -Data ([ordered]@{ set = $Execution['Run']['id']; bytes = $bytes })
}

function Assert-LbTargetThere {
    param([hashtable]$Execution)
    $target = (Get-LbTarget -Execution $Execution)['path']
    if (Test-LbFolder -Path $target) { return }
    throw (Get-LbStepFailure -Code 'target-gone' -Say 'targetGone' -With @($target) -Advise 'targetGoneAdvice')
}

# What runs of this job on this host left on the target, because they died before the seal. A set that was sealed and
# lost its manifest is no remains: whoever misses it may still put it together.
function Clear-LbRemain {
    param([hashtable]$Execution)
    $job = $Execution['Job']
    if ($job['setKind'] -ceq 'log') { return }
    $sets = Get-LbSeriesPath -Execution $Execution -Child 'sets'
    foreach ($set in @(Get-LbSetFolder -Path $sets)) {
        if ($set -ceq $Execution['Run']['id'] -or (Test-LbFile -Path (Join-LbPath -Path $sets -Child ($set + '/manifest.json')))) { continue }
        if (Test-LbSealedNothing -Job $job['name'] -Run $set) { Clear-LbPath -Path (Join-LbPath -Path $sets -Child $set) }
    }
}

# A result that cannot be read says nothing.
function Test-LbSealedNothing {
    param([string]$Job, [string]$Run)
    try {
        if (-not (Test-LbFile -Path (Get-LbRunPath -Job $Job -Run $Run))) { return $false }
        return $null -eq (Read-LbRun -Job $Job -Run $Run)['set']
    } catch { return $false }
}

# Of a run that ends without a seal, nothing stays that could be taken for a set. Logs do stay, though without a
# manifest: their backup has cut them off, so no later one holds them.
function Clear-LbUnsealed {
    param([hashtable]$Execution)
    Clear-LbPath -Path (Get-LbWorkPath -Execution $Execution -File '')
    if (-not $Execution['HasSetFolder'] -or $null -ne $Execution['Run']['set'] -or $Execution['Job']['setKind'] -ceq 'log') { return }
    Clear-LbPath -Path (Get-LbSetPath -Execution $Execution -File '')
}

function Invoke-LbSeal {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $run = $Execution['Run']
    if ($Execution['Artefacts'].Count -eq 0) { throw (Get-LbStepFailure -Code 'nothing-made' -Say 'nothingMade') }
    $bytes = [long]0
    $artefacts = @(foreach ($one in $Execution['Artefacts']) {
            if ($null -eq $one['Sha256']) { throw (Get-LbStepFailure -Code 'not-hashed' -Say 'notHashed' -With @($one['Path'])) }
            $bytes += $one['Bytes']
            ConvertTo-LbSealed -Artefact $one
        })
    $facts = Resolve-LbSetFact -Execution $Execution -Step $Step
    $needs = Resolve-LbSetNeed -Execution $Execution -Step $Step
    $folder = Get-LbSetPath -Execution $Execution -File ''
    foreach ($one in $artefacts) {
        $path = Join-LbPath -Path $folder -Child $one['path']
        if (-not (Test-LbFile -Path $path) -or (Get-LbLength -Path $path) -ne $one['bytes']) {
            throw (Get-LbStepFailure -Code 'missing' -Say 'missingFromSet' -With @($one['path']))
        }
    }
    foreach ($set in $needs) {
        if (Test-LbFile -Path (Get-LbSeriesPath -Execution $Execution -Child ('sets/' + $set + '/manifest.json'))) { continue }
        throw (Get-LbStepFailure -Code 'needs-missing' -Say 'needsMissing' -With @($set) -Advise 'needsMissingAdvice')
    }
    # What a verification found bad is said before the set exists: there is no moment at which it counts as good.
    Write-LbUnverified -Execution $Execution -Artefacts $artefacts -Bytes $bytes
    $manifest = Get-LbManifest -Execution $Execution -Artefacts $artefacts -Bytes $bytes -Needs $needs -Facts $facts
    Write-LbFile -Path (Join-LbPath -Path $folder -Child 'manifest.json') -Text ((ConvertTo-LbJson -Value $manifest) + "`n")
    $run['set'] = $run['id']
    $message = Get-LbMessage -Name 'sealed' -With @($run['id'], $artefacts.Length)
    return Get-LbDone -Message $message -Data ([ordered]@{ set = $run['id']; artefacts = $artefacts.Length; bytes = $bytes })
}

function ConvertTo-LbSealed {
    param([hashtable]$Artefact)
    $sealed = [ordered]@{
        path = $Artefact['Path']; datum = $Artefact['Datum']; scope = $Artefact['Scope']; format = $Artefact['Format']
        bytes = $Artefact['Bytes']; sha256 = $Artefact['Sha256']
    }
    if ($null -ne $Artefact['Parts']) { $sealed['parts'] = [ordered]@{ bytes = $script:LbPartBytes; sha256 = $Artefact['Parts'] } }
    if ($null -ne $Artefact['Covers']) { $sealed['covers'] = $Artefact['Covers'] }
    $sealed['facts'] = $Artefact['Facts']
    return $sealed
}

# Those of a later condition that holds take the place of earlier ones of their names.
function Resolve-LbSetFact {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $all = Get-LbEmptyMap
    foreach ($entry in (Resolve-LbMap -Execution $Execution -Map $Step['facts']).GetEnumerator()) { $all[[string]$entry.Key] = $entry.Value }
    foreach ($one in (Get-LbField -From $Step -Name 'factsWhen' -Default @())) {
        if (-not (Test-LbCondition -Execution $Execution -Condition $one['when'])) { continue }
        foreach ($entry in (Resolve-LbMap -Execution $Execution -Map $one['facts']).GetEnumerator()) { $all[[string]$entry.Key] = $entry.Value }
    }
    return $all
}

function Resolve-LbSetNeed {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $needs = New-Object -TypeName System.Collections.ArrayList
    foreach ($value in (Get-LbField -From $Step -Name 'needs' -Default @())) {
        $found = Resolve-LbValue -Execution $Execution -Value $value
        $list = Get-LbList -Found $found
        foreach ($one in $list) {
            $text = Get-LbText -Value $one
            if (-not $needs.Contains($text)) { [void]$needs.Add($text) }
        }
    }
    return , $needs.ToArray()
}

function Get-LbManifest {
    param([hashtable]$Execution, [object[]]$Artefacts, [long]$Bytes, [object[]]$Needs, [System.Collections.IDictionary]$Facts)
    $job = $Execution['Job']
    $run = $Execution['Run']
    return [ordered]@{
        document   = 'manifest'
        version    = 1
        set        = $run['id']
        series     = (Get-LbSeriesName -Job $job)
        job        = $job['name']
        jobHash    = $run['jobHash']
        kind       = (Get-LbField -From $job -Name 'setKind' -Default 'full')
        owner      = $job['owner']
        host       = $run['host']
        account    = $run['account']
        trigger    = $run['trigger']
        startedAt  = $run['startedAt']
        sealedAt   = (Get-LbNow)
        product    = $job['product']
        deployment = $job['deployment']
        covers     = @(Get-LbCover -Artefacts $Artefacts)
        artefacts  = $Artefacts
        bytes      = $Bytes
        needs      = $Needs
        facts      = $Facts
        tool       = [ordered]@{ name = 'lync-backup'; version = $Execution['ToolVersion'] }
    }
}

# Never more than was really made: covers follow from artefacts, and are declared nowhere.
function Get-LbCover {
    param([object[]]$Artefacts)
    $seen = Get-LbEmptyMap
    foreach ($artefact in $Artefacts) {
        $covers = @([ordered]@{ datum = $artefact['datum']; scope = $artefact['scope'] })
        if ($artefact.Contains('covers')) { $covers = $artefact['covers'] }
        foreach ($cover in $covers) {
            $key = Get-LbCoverKey -Cover $cover
            if ($seen.Contains($key)) { continue }
            $seen[$key] = $true
            $cover
        }
    }
}

function Get-LbCoverKey {
    param([System.Collections.IDictionary]$Cover)
    return $Cover['datum'] + ' ' + (Get-LbScopeKey -Scope $Cover['scope'])
}

function Write-LbUnverified {
    param([hashtable]$Execution, [object[]]$Artefacts, [long]$Bytes)
    $failures = @(foreach ($one in $Artefacts) {
            $message = $Execution['Unverified'][$one['path']]
            if ($null -ne $message) { [ordered]@{ path = $one['path']; message = $message } }
        })
    if ($failures.Length -eq 0) { return }
    Write-LbVerified -Path ((Get-LbSeriesPath -Execution $Execution -Child '').TrimEnd('\')) -Series (Get-LbSeriesName -Job $Execution['Job']) `
        -Set $Execution['Run']['id'] -Level 'readable' -Count $Artefacts.Length -Bytes $Bytes -Failures $failures
}

function Write-LbVerified {
    param([string]$Path, [string]$Series, [string]$Set, [string]$Level, [int]$Count, [long]$Bytes, [object[]]$Failures)
    $verified = [ordered]@{
        document = 'verified'; version = 1; set = $Set; series = $Series; where = 'target'; at = (Get-LbNow); level = $Level
        artefacts = $Count; bytes = $Bytes; failures = $Failures
    }
    Write-LbFile -Path (Join-LbPath -Path $Path -Child ('side/' + $Set + '.verified.json')) -Text ((ConvertTo-LbJson -Value $verified) + "`n")
}

function Invoke-LbRetain {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    if ($null -eq $Execution['Run']['set']) { throw (Get-LbStepFailure -Code 'not-sealed' -Say 'notSealed') }
    $path = (Get-LbSeriesPath -Execution $Execution -Child '').TrimEnd('\')
    Clear-LbRemoved -Path (Join-LbPath -Path $path -Child 'sets')
    $found = Read-LbSetList -Path $path -Series (Get-LbSeriesName -Job $Execution['Job'])
    if ($found['Unreadable'].Length -gt 0) {
        $problems = [string]::Join('; ', [string[]]$found['Unreadable'])
        throw (Get-LbStepFailure -Code 'sets-unreadable' -Say 'unreadableSets' -With @($problems) -Advise 'unreadableAdvice')
    }
    $needs = Get-LbNeed -Sets $found['Sets']
    $retainable = @(foreach ($set in $found['Sets']) { ConvertTo-LbRetainable -Set $set -Needs $needs[$set['Manifest']['set']] })
    $awaits = Get-LbField -From $Step -Name 'awaits' -Default @()
    $decisions = @(Get-LbRetention -Sets $retainable -Policy $Step['policy'] -Awaits $awaits -Now (Get-LbNow))
    $kept = @(foreach ($one in $decisions) { if ($one['keep']) { [ordered]@{ set = $one['set']; because = $one['reasons'] } } })
    $removed = @(foreach ($one in $decisions) { if (-not $one['keep']) { [ordered]@{ set = $one['set']; because = $one['reasons'] } } })
    foreach ($one in $removed) { Clear-LbSet -Path $path -Set $one['set'] }
    $message = Get-LbMessage -Name 'retained' -With @($kept.Length, $removed.Length)
    return Get-LbDone -Message $message -Data ([ordered]@{ kept = $kept; removed = $removed })
}

function ConvertTo-LbRetainable {
    param([hashtable]$Set, [object[]]$Needs)
    $manifest = $Set['Manifest']
    return [ordered]@{
        set       = $manifest['set']
        startedAt = $manifest['startedAt']
        good      = $Set['Good']
        needs     = $Needs
        covers    = @(foreach ($cover in $manifest['covers']) { Get-LbCoverKey -Cover $cover })
        carried   = $Set['Carried'].ToArray()
        held      = $Set['Held']
    }
}

# Renamed first: what is half removed must not look like a set, whoever looks. Then what was said about it.
function Clear-LbSet {
    param([string]$Path, [string]$Set)
    $folder = Join-LbPath -Path $Path -Child ('sets/' + $Set)
    Rename-LbFolder -From $folder -To ($folder + '.removed')
    Clear-LbPath -Path ($folder + '.removed')
    $side = Join-LbPath -Path $Path -Child 'side'
    foreach ($name in @(Get-LbNameIn -Path $side)) {
        if ($name.StartsWith($Set + '.', [System.StringComparison]::Ordinal)) { Clear-LbPath -Path (Join-LbPath -Path $side -Child $name) }
    }
}

# What a run that was killed while it removed has left.
function Clear-LbRemoved {
    param([string]$Path)
    foreach ($name in @(Get-LbNameIn -Path $Path)) {
        if ($name.EndsWith('.removed', [System.StringComparison]::Ordinal)) { Clear-LbPath -Path (Join-LbPath -Path $Path -Child $name) }
    }
}
