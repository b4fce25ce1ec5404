# The sets of a series, as they lie on the target with their side files.

# Folders that may be sets: named as a run is. To be taken as @(...).
function Get-LbSetFolder {
    param([string]$Path)
    foreach ($name in @(Get-LbNameIn -Path $Path)) { if ($name -cmatch $script:LbRunName) { $name } }
}

# Sets: each with its manifest, whether it is good, which copies have carried it, whether it is held. Unreadable: what
# was sealed and cannot be read, and why: nobody knows what it needs.
function Read-LbSetList {
    param([string]$Path, [string]$Series)
    $sets = New-Object -TypeName System.Collections.ArrayList
    $unreadable = New-Object -TypeName System.Collections.ArrayList
    $side = @(Get-LbNameIn -Path (Join-LbPath -Path $Path -Child 'side'))
    foreach ($set in @(Get-LbSetFolder -Path (Join-LbPath -Path $Path -Child 'sets'))) {
        $file = Join-LbPath -Path $Path -Child ('sets/' + $set + '/manifest.json')
        if (-not (Test-LbFile -Path $file)) { continue }
        try {
            $manifest = Read-LbManifest -Path $file -Series $Series -Set $set
            [void]$sets.Add((Read-LbKnownSet -Path $Path -Side $side -Manifest $manifest))
        } catch { [void]$unreadable.Add($set + ': ' + (ConvertTo-LbFailure -ErrorRecord $_)['message']) }
    }
    return @{ Sets = $sets.ToArray(); Unreadable = $unreadable.ToArray() }
}

function Read-LbManifest {
    param([string]$Path, [string]$Series, [string]$Set)
    $manifest = Read-LbDocument -Path $Path -Name 'manifest'
    if ($manifest['set'] -cne $Set -or $manifest['series'] -cne $Series) {
        throw (Get-LbStepFailure -Code 'invalid-document' -Say 'anotherSet' -With @($manifest['series'], $manifest['set']))
    }
    return $manifest
}

# A document of this name and of the version that this module knows.
function Read-LbDocument {
    param([string]$Path, [string]$Name)
    $found = ConvertFrom-LbJson -Text (Read-LbFile -Path $Path)
    if ($found -isnot [System.Collections.IDictionary] -or $found['document'] -cne $Name) {
        throw (Get-LbFailure -Code 'invalid-document' -Message ('It is no {0} document.' -f $Name))
    }
    if ($found['version'] -ne 1) {
        throw (Get-LbFailure -Code 'invalid-document' -Message ('It is a {0} document of another version than 1.' -f $Name) -Advice 'Update the module.')
    }
    return $found
}

function Read-LbKnownSet {
    param([string]$Path, [string[]]$Side, [System.Collections.IDictionary]$Manifest)
    $known = @{ Manifest = $Manifest; Good = $true; Carried = (New-Object -TypeName System.Collections.ArrayList); Held = $false }
    $now = Get-LbNow
    foreach ($name in $Side) {
        if (-not $name.StartsWith($Manifest['set'] + '.', [System.StringComparison]::Ordinal) -or
            -not $name.EndsWith('.json', [System.StringComparison]::Ordinal)) { continue }
        $kind = ($name -split '\.')[1]
        if (@('verified', 'carried', 'held') -cnotcontains $kind) { continue }
        $found = Read-LbDocument -Path (Join-LbPath -Path $Path -Child ('side/' + $name)) -Name $kind
        if ($kind -ceq 'carried') { [void]$known['Carried'].Add($found['copy']) }
        elseif ($kind -ceq 'held') {
            if ($null -eq $found['until'] -or [string]::CompareOrdinal($found['until'], $now) -gt 0) { $known['Held'] = $true }
        } elseif ($null -ne $found['failures'] -and $found['failures'].Length -gt 0) { $known['Good'] = $false }
    }
    return $known
}

# What `last` refers to, what sizes are compared with, and what a chain can build on.
function Read-LbLast {
    param([hashtable]$Execution)
    $path = (Get-LbSeriesPath -Execution $Execution -Child '').TrimEnd('\')
    $found = Read-LbSetList -Path $path -Series (Get-LbSeriesName -Job $Execution['Job'])
    $newest = $null
    $full = $null
    $comparable = $null
    $kind = Get-LbField -From $Execution['Job'] -Name 'setKind' -Default 'full'
    foreach ($set in $found['Sets']) {
        if (-not $set['Good']) { continue }
        $newest = $set['Manifest']
        if ($newest['kind'] -ceq 'full') { $full = $newest }
        if ($newest['kind'] -ceq $kind) { $comparable = $newest }
    }
    $reference = Get-LbSetReference -Manifest $newest
    $reference['full'] = Get-LbSetReference -Manifest $full
    $accepted = @()
    $file = Join-LbPath -Path $path -Child 'side/accepted.json'
    if (Test-LbFile -Path $file) { $accepted = (Read-LbDocument -Path $file -Name 'accepted')['artefacts'] }
    return @{ Sets = $found['Sets']; Reference = $reference; Comparable = $comparable; Accepted = $accepted }
}

function Get-LbSetReference {
    param($Manifest)
    if ($null -eq $Manifest) { return [ordered]@{} }
    return [ordered]@{ set = $Manifest['set']; at = $Manifest['startedAt']; facts = $Manifest['facts'] }
}

function Get-LyncBackupSet {
    <#
    .SYNOPSIS
    The sealed sets in a target, newest first.
    .DESCRIPTION
    Of every series, or of one. Damaged tells that a verification has found something wrong. A set whose manifest cannot
    be read is shown with the reason and nothing else.
    .PARAMETER Path
    The target: its folder or its share.
    .PARAMETER Series
    The name of one series.
    .EXAMPLE
    Get-LyncBackupSet -Path D:\LyncBackup | Format-Table
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Path,
        [string]$Series = ''
    )
    $names = @($Series)
    if ($Series.Length -eq 0) { $names = @(Get-LbNameIn -Path (Join-LbPath -Path $Path -Child 'series')) }
    foreach ($name in $names) {
        $found = Read-LbSetList -Path (Join-LbPath -Path $Path -Child ('series/' + (Get-LbCheckedName -Name $name))) -Series $name
        foreach ($set in @($found['Sets'] | Sort-Object -Property { $_['Manifest']['set'] } -Descending)) { Get-LbShownSet -Set $set }
        foreach ($problem in $found['Unreadable']) {
            [pscustomobject]@{ Series = $name; Set = ($problem -split ':')[0]; SealedAt = $null; Kind = $null; Bytes = $null; Damaged = $null; Held = $null; Carried = $null; Problem = $problem }
        }
    }
}

function Get-LbShownSet {
    param([hashtable]$Set)
    $manifest = $Set['Manifest']
    return [pscustomobject]@{
        Series   = $manifest['series']
        Set      = $manifest['set']
        SealedAt = $manifest['sealedAt']
        Kind     = $manifest['kind']
        Bytes    = $manifest['bytes']
        Damaged  = (-not $Set['Good'])
        Held     = $Set['Held']
        Carried  = [string]::Join(', ', [string[]]$Set['Carried'].ToArray())
        Problem  = $null
    }
}

# What is wrong with a set, by path; nothing where it is good. Path is that of the series. Levels: present, readable,
# hashed. To be taken as @(...).
function Find-LbDamage {
    param([hashtable]$Execution, [string]$Path, [System.Collections.IDictionary]$Manifest, [string]$Level)
    $set = $Manifest['set']
    foreach ($artefact in $Manifest['artefacts']) {
        $file = Join-LbPath -Path $Path -Child ('sets/' + $set + '/' + $artefact['path'])
        $problem = Find-LbArtefactDamage -Execution $Execution -Path $file -Artefact $artefact -Level $Level
        if ($null -ne $problem) { [ordered]@{ path = $artefact['path']; message = $problem } }
    }
    # The files of a file store stand in its listing: those that lie in this very set.
    $listing = Join-LbPath -Path $Path -Child ('sets/' + $set + '/' + $script:LbListing)
    if (Test-LbFile -Path $listing) {
        foreach ($line in @(Read-LbListing -Path $listing)) {
            if ($line['set'] -cne $set) { continue }
            $problem = Find-LbFileDamage -Execution $Execution -Path $Path -Line $line -Hashed ($Level -ceq 'hashed')
            if ($null -ne $problem) { [ordered]@{ path = $script:LbFiles + '/' + $line['path']; message = $problem } }
        }
    }
    foreach ($needed in (Get-LbField -From $Manifest -Name 'needs' -Default @())) {
        if (Test-LbFile -Path (Join-LbPath -Path $Path -Child ('sets/' + $needed + '/manifest.json'))) { continue }
        [ordered]@{ path = 'manifest.json'; message = (Get-LbMessage -Name 'needsMissing' -With @($needed)) }
    }
}

# Null: nothing is wrong with it.
function Find-LbArtefactDamage {
    param([hashtable]$Execution, [string]$Path, [System.Collections.IDictionary]$Artefact, [string]$Level)
    if (-not (Test-LbFile -Path $Path)) { return Get-LbMessage -Name 'missing' }
    $bytes = Get-LbLength -Path $Path
    if ($bytes -ne $Artefact['bytes']) { return Get-LbMessage -Name 'otherSize' -With @($bytes, $Artefact['bytes']) }
    if ($Level -ceq 'hashed' -and (Get-LbFileHash -Path $Path -Execution $Execution) -cne $Artefact['sha256']) { return Get-LbMessage -Name 'otherHash' }
    if ($Level -ceq 'present') { return $null }
    try { Assert-LbReadable -Execution $Execution -Path $Path -Name $Artefact['path'] -Format $Artefact['format'] }
    catch {
        $failure = ConvertTo-LbFailure -ErrorRecord $_
        if ($failure['code'] -ceq 'timed-out') { throw }
        return $failure['message']
    }
    return $null
}

function Find-LbFileDamage {
    param([hashtable]$Execution, [string]$Path, [System.Collections.IDictionary]$Line, [bool]$Hashed)
    $file = Join-LbPath -Path $Path -Child ('sets/' + $Line['set'] + '/' + $script:LbFiles + '/' + $Line['path'])
    if (-not (Test-LbFile -Path $file)) { return Get-LbMessage -Name 'missing' }
    $bytes = Get-LbLength -Path $file
    if ($bytes -ne $Line['bytes']) { return Get-LbMessage -Name 'otherSize' -With @($bytes, $Line['bytes']) }
    if ($Hashed -and (Get-LbFileHash -Path $file -Execution $Execution) -cne $Line['sha256']) { return Get-LbMessage -Name 'otherHash' }
    return $null
}

function Test-LyncBackupSet {
    <#
    .SYNOPSIS
    Looks whether the artefacts of a sealed set are there, can be opened, or are byte for byte what was sealed.
    .DESCRIPTION
    Nothing is written. One object for the set, with what is wrong; Good is false where there is anything.
    .PARAMETER Path
    The target: its folder or its share.
    .PARAMETER Series
    The series.
    .PARAMETER Set
    The set; without it the newest one.
    .PARAMETER Level
    present, readable or hashed.
    .EXAMPLE
    Test-LyncBackupSet -Path D:\LyncBackup -Series configuration -Level hashed
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Path,
        [Parameter(Mandatory = $true)]
        [string]$Series,
        [string]$Set = '',
        [ValidateSet('present', 'readable', 'hashed')]
        [string]$Level = 'hashed'
    )
    $top = Join-LbPath -Path $Path -Child ('series/' + (Get-LbCheckedName -Name $Series))
    $chosen = $Set
    if ($chosen.Length -eq 0) {
        foreach ($name in @(Get-LbSetFolder -Path (Join-LbPath -Path $top -Child 'sets'))) {
            if (Test-LbFile -Path (Join-LbPath -Path $top -Child ('sets/' + $name + '/manifest.json'))) { $chosen = $name }
        }
    }
    $folder = Join-LbPath -Path $top -Child ('sets/' + $chosen)
    if ($chosen -cnotmatch $script:LbRunName -or -not (Test-LbFile -Path (Join-LbPath -Path $folder -Child 'manifest.json'))) {
        throw (Get-LbStepFailure -Code 'not-found' -Say 'noSet' -With @($chosen, $Series))
    }
    $manifest = Read-LbManifest -Path (Join-LbPath -Path $folder -Child 'manifest.json') -Series $Series -Set $chosen
    $damage = @(Find-LbDamage -Execution $null -Path $top -Manifest $manifest -Level $Level)
    return [pscustomobject]@{
        Series   = $Series
        Set      = $chosen
        Level    = $Level
        Good     = ($damage.Length -eq 0)
        Problems = @(foreach ($one in $damage) { '{0}: {1}' -f $one['path'], $one['message'] })
    }
}
