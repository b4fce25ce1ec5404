# A listing of a folder, compared with that of the last set: what is new or changed is copied, the rest is named with
# the set that holds it.

$script:LbFiles = 'files'
$script:LbListing = 'listing.jsonl'
$script:LbListingLine = New-Object -TypeName System.Text.RegularExpressions.Regex -ArgumentList (
    '^\{"path":"([^"\\]+)","bytes":([0-9]+),"modifiedAt":"([^"\\]+)","sha256":"([0-9a-f]*)","set":"([^"\\]+)"\}\z')

function Invoke-LbInventory {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $root = Resolve-LbTextValue -Execution $Execution -Value $Step['root']
    $artefacts = @(Get-LbDeclared -Execution $Execution -Step $Step)
    $file = Resolve-LbFileName -Execution $Execution -Name $Step['listing']['$work']
    $base = Find-LbBase -Execution $Execution -Artefact @(foreach ($one in $artefacts) { if ($one['Path'] -ceq $file) { $one } }) -FullEveryDays $Step['fullEveryDays']
    $entries = Find-LbFile -Execution $Execution -Root $root -Step $Step
    $run = $Execution['Run']['id']
    $changed = New-Object -TypeName System.Collections.ArrayList
    $bytes = [long]0
    $changedBytes = [long]0
    $needs = @{}
    foreach ($entry in $entries) {
        $bytes += $entry['bytes']
        $known = $null
        if ($null -ne $base) { $known = $base['Files'][$entry['path']] }
        if ($null -ne $known -and $known['bytes'] -eq $entry['bytes'] -and $known['modifiedAt'] -ceq $entry['modifiedAt']) {
            $entry['sha256'] = $known['sha256']
            $entry['set'] = $known['set']
            $needs[$known['set']] = $true
            continue
        }
        $entry['set'] = $run
        $changedBytes += $entry['bytes']
        [void]$changed.Add($entry['path'])
    }
    Save-LbLine -Path (Get-LbWorkPath -Execution $Execution -File $file) -As 'jsonl' -Item $entries
    $names = @(foreach ($path in $changed) { [ordered]@{ path = $path } })
    Save-LbLine -Path (Get-LbWorkPath -Execution $Execution -File ($Step['id'] + '.changed.txt')) -As 'text' -Item $names
    $data = [ordered]@{
        files   = $entries.Length
        bytes   = $bytes
        changed = [ordered]@{ count = $changed.Count; bytes = $changedBytes }
        full    = ($null -eq $base)
        needs   = @(Get-LbSorted -Text ([string[]]@($needs.Keys)))
    }
    Add-LbMade -Execution $Execution -Step $Step -Artefact $artefacts -Data $data -By 'The inventory'
    $message = Get-LbMessage -Name 'listedAnew' -With @($entries.Length)
    if ($null -ne $base) { $message = Get-LbMessage -Name 'listed' -With @($entries.Length, $changed.Count, $base['Set']) }
    return Get-LbDone -Message $message -Data $data
}

# Every file below a folder, in the order of their paths. Junctions are not followed, for they may lead in circles.
function Find-LbFile {
    param([hashtable]$Execution, [string]$Root, [System.Collections.IDictionary]$Step)
    $withoutFiles = Get-LbNamePattern -Name (Get-LbField -From $Step -Name 'excludeFiles' -Default @())
    $withoutFolders = Get-LbNamePattern -Name (Get-LbField -From $Step -Name 'excludeFolders' -Default @())
    if (-not (Test-LbFolder -Path $Root)) { throw (Get-LbStepFailure -Code 'path-not-found' -Say 'noFolder' -With @($Root)) }
    if (Get-LbField -From $Step -Name 'backupMode' -Default $false) { Enable-LbBackupRight }
    $denied = New-Object -TypeName System.Collections.ArrayList
    $found = New-Object -TypeName 'System.Collections.Generic.SortedDictionary[string,object]' -ArgumentList ([System.StringComparer]::Ordinal)
    $folders = New-Object -TypeName System.Collections.Stack
    $folders.Push('')
    while ($folders.Count -gt 0) {
        $below = $folders.Pop()
        $folder = New-Object -TypeName System.IO.DirectoryInfo -ArgumentList (Get-LbNativePath -Path ((Join-LbPath -Path $Root -Child $below).TrimEnd('\')))
        try { $inside = $folder.GetFileSystemInfos() }
        catch {
            if ((Get-LbFileErrorCode -Exception (Get-LbCause -Exception $_.Exception)) -cne 'access-denied') { throw }
            [void]$denied.Add($below.TrimEnd('/'))
            continue
        }
        foreach ($one in $inside) {
            $path = $below + $one.Name
            if ($one -is [System.IO.DirectoryInfo]) {
                if (($one.Attributes -band [System.IO.FileAttributes]::ReparsePoint) -ne 0) { continue }
                if ($one.Name -notmatch $withoutFolders) { $folders.Push($path + '/') }
                continue
            }
            if ($one.Name -match $withoutFiles) { continue }
            $found.Add($path, [ordered]@{
                    path = $path; bytes = [long]$one.Length; modifiedAt = (ConvertTo-LbInstant -At $one.LastWriteTimeUtc); sha256 = ''; set = ''
                })
        }
        Write-LbBeat -Execution $Execution
    }
    # A listing that lacks something would say that it is not there.
    if ($denied.Count -gt 0) {
        $where = Get-LbSome -Text ([string[]]$denied.ToArray())
        throw (Get-LbStepFailure -Code 'access-denied' -Say 'notListed' -With @($Root, $where) -Advise 'notListedAdvice')
    }
    $entries = @(foreach ($entry in $found.get_Values()) { $entry })
    return , $entries
}

# As robocopy compares names: without regard to case, * for any characters and ? for one. Without a name: of none.
function Get-LbNamePattern {
    param([object[]]$Name)
    if ($Name.Length -eq 0) { return '(?!)' }
    $parts = @(foreach ($one in $Name) { [regex]::Escape([string]$one).Replace('\*', '.*').Replace('\?', '.') })
    return '(?is)^(?:' + [string]::Join('|', [string[]]$parts) + ')\z'
}

# The newest set with a listing of the same thing that can be restored, with its files by their paths; null where it is
# time to take everything.
function Find-LbBase {
    param([hashtable]$Execution, [object[]]$Artefact, $FullEveryDays)
    if ($Artefact.Length -eq 0) { return $null }
    $path = $Artefact[0]['Path']
    $what = Get-LbScopeKey -Scope $Artefact[0]['Scope']
    $sets = New-Object -TypeName System.Collections.ArrayList
    $full = $null
    foreach ($manifest in @(Get-LbRestorable -Execution $Execution)) {
        $listing = Find-LbArtefact -Manifest $manifest -Path $path
        if ($null -eq $listing -or (Get-LbScopeKey -Scope $listing['scope']) -cne $what) { continue }
        [void]$sets.Add($manifest)
        $needed = Get-LbField -From $manifest -Name 'needs' -Default @()
        if ($needed.Length -eq 0) { $full = $manifest }
    }
    if ($null -eq $full) { return $null }
    if ($null -ne $FullEveryDays -and (Get-LbDaysSince -At $full['startedAt']) -ge $FullEveryDays) { return $null }
    for ($index = $sets.Count - 1; $index -ge 0; $index--) {
        $set = $sets[$index]['set']
        $file = Get-LbSeriesPath -Execution $Execution -Child ('sets/' + $set + '/' + $path)
        # A listing that is not what was sealed is believed no more than a set that is damaged.
        if (-not (Test-LbFile -Path $file) -or (Get-LbFileHash -Path $file -Execution $Execution) -cne (Find-LbArtefact -Manifest $sets[$index] -Path $path)['sha256']) { continue }
        $files = New-Object -TypeName System.Collections.Hashtable -ArgumentList ([System.StringComparer]::OrdinalIgnoreCase)
        foreach ($line in @(Read-LbListing -Path $file)) { $files[$line['path']] = $line }
        return @{ Set = $set; Files = $files }
    }
    return $null
}

function Find-LbArtefact {
    param([System.Collections.IDictionary]$Manifest, [string]$Path)
    foreach ($artefact in $Manifest['artefacts']) { if ($artefact['path'] -ceq $Path) { return $artefact } }
    return $null
}

# From day to day of UTC.
function Get-LbDaysSince {
    param([string]$At)
    return [int]((Get-LbUtcNow).ToUniversalTime().Date - (ConvertFrom-LbInstant -Text $At).Date).TotalDays
}

# Line by line, for it may be larger than memory likes. To be taken as @(...).
function Read-LbListing {
    param([string]$Path)
    $reader = New-Object -TypeName System.IO.StreamReader -ArgumentList (Open-LbFile -Path $Path), $script:LbUtf8
    try {
        while ($null -ne ($text = $reader.ReadLine())) {
            $match = $script:LbListingLine.Match($text)
            if ($match.Success) {
                $groups = $match.Groups
                @{
                    path = $groups[1].Value; bytes = [long]::Parse($groups[2].Value, $script:LbInvariant)
                    modifiedAt = $groups[3].Value; sha256 = $groups[4].Value; set = $groups[5].Value
                }
            } else { ConvertFrom-LbJson -Text $text }
        }
    } finally { $reader.Dispose() }
}

# What was copied gets its hash, as it lies in the set: that is what a restore gives back. What was changed between the
# look and the copy stands there as it was copied; what was deleted meanwhile is no part of the set. Answers with the
# number of files.
function Complete-LbListing {
    param([hashtable]$Execution, [string]$Id)
    $path = $null
    foreach ($step in $Execution['Job']['steps']) {
        if ($step['id'] -ceq $Id -and $step['kind'] -ceq 'inventory') {
            $path = Get-LbWorkPath -Execution $Execution -File (Resolve-LbFileName -Execution $Execution -Name $step['listing']['$work'])
        }
    }
    if ($null -eq $path -or -not (Test-LbFile -Path $path)) { throw (Get-LbStepFailure -Code 'no-listing' -Say 'noListing' -With @($Id)) }
    $kept = @(foreach ($line in @(Read-LbListing -Path $path)) { Complete-LbListingLine -Execution $Execution -Line $line })
    Save-LbLine -Path $path -As 'jsonl' -Item $kept
    return $kept.Length
}

# Nothing where it was deleted meanwhile.
function Complete-LbListingLine {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Line)
    $whole = [ordered]@{ path = $Line['path']; bytes = $Line['bytes']; modifiedAt = $Line['modifiedAt']; sha256 = $Line['sha256']; set = $Line['set'] }
    if ($whole['sha256'].Length -gt 0) { return $whole }
    $copy = Get-LbSetPath -Execution $Execution -File ($script:LbFiles + '/' + $whole['path'])
    if (-not (Test-LbFile -Path $copy)) { return }
    $file = New-Object -TypeName System.IO.FileInfo -ArgumentList (Get-LbNativePath -Path $copy)
    $whole['bytes'] = [long]$file.Length
    $whole['modifiedAt'] = ConvertTo-LbInstant -At $file.LastWriteTimeUtc
    $whole['sha256'] = Get-LbFileHash -Path $copy -Execution $Execution
    return $whole
}
