# A listing of a folder, compared with that of the last set: what is new or changed is copied, the rest is named with
# the set that holds it.

$script:LbFiles = 'files'
$script:LbListingLine = New-Object -TypeName System.Text.RegularExpressions.Regex -ArgumentList (
    '^\{"path":"([^"\\]+)","bytes":([0-9]+),"modifiedAt":"([^"\\]+)","sha256":"([0-9a-f]*)","set":"([^"\\]+)"\}\z')

function Invoke-LbInventory {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $root = Resolve-LbTextValue -Execution $Execution -Value $Step['root']
    if (-not (Test-LbFolder -Path $root)) {
        throw (Get-LbStepFailure -Code 'source-gone' -Say 'rootGone' -With @($root) -Advise 'rootGoneAdvice')
    }
    $artefacts = @(Get-LbDeclared -Execution $Execution -Step $Step)
    $file = Resolve-LbFileName -Execution $Execution -Name $Step['listing']['$work']
    $entries = Find-LbFile -Execution $Execution -Root $root -Step $Step
    $before = Read-LbLastListing -Execution $Execution -File $file -FullEveryDays $Step['fullEveryDays']
    $inventory = @{ Root = $root; File = $file; Entries = $entries; Changed = (New-Object -TypeName System.Collections.ArrayList) }
    $bytes = [long]0
    $changed = [long]0
    $needs = @{}
    foreach ($entry in $entries) {
        $bytes += $entry['bytes']
        $known = $before['Files'][$entry['path']]
        if ($null -ne $known -and $known['bytes'] -eq $entry['bytes'] -and $known['modifiedAt'] -ceq $entry['modifiedAt']) {
            $entry['sha256'] = $known['sha256']
            $entry['set'] = $known['set']
            $needs[$known['set']] = $true
            continue
        }
        $entry['set'] = $Execution['Run']['id']
        $changed += $entry['bytes']
        [void]$inventory['Changed'].Add($entry['path'])
    }
    $Execution['Inventories'][$Step['id']] = $inventory
    Save-LbLine -Path (Get-LbWorkPath -Execution $Execution -File $file) -As 'jsonl' -Item $entries
    $data = [ordered]@{
        files   = $entries.Length
        bytes   = $bytes
        changed = [ordered]@{ count = $inventory['Changed'].Count; bytes = $changed }
        full    = $before['Full']
        needs   = @(Get-LbSorted -Text ([string[]]@($needs.Keys)))
    }
    Add-LbMade -Execution $Execution -Step $Step -Artefact $artefacts -Data $data -By $Step['title'] -Say 'notMade'
    $message = Get-LbMessage -Name 'listed' -With @($entries.Length, $inventory['Changed'].Count)
    if ($before['Full']) { $message = Get-LbMessage -Name 'listedAnew' -With @($entries.Length) }
    return Get-LbDone -Message $message -Data $data
}

# Every file below a folder, in the order of their paths. Junctions are not followed, for they may lead in circles.
function Find-LbFile {
    param([hashtable]$Execution, [string]$Root, [System.Collections.IDictionary]$Step)
    $withoutFiles = Get-LbNamePattern -Name (Get-LbField -From $Step -Name 'excludeFiles' -Default @())
    $withoutFolders = Get-LbNamePattern -Name (Get-LbField -From $Step -Name 'excludeFolders' -Default @())
    $found = New-Object -TypeName 'System.Collections.Generic.SortedDictionary[string,object]' -ArgumentList ([System.StringComparer]::Ordinal)
    $folders = New-Object -TypeName System.Collections.Stack
    $folders.Push('')
    while ($folders.Count -gt 0) {
        $below = $folders.Pop()
        $folder = New-Object -TypeName System.IO.DirectoryInfo -ArgumentList (Get-LbNativePath -Path ((Join-LbPath -Path $Root -Child $below).TrimEnd('\')))
        foreach ($one in $folder.GetFileSystemInfos()) {
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

# The files of the last good set, each with the set that holds it; none where all is to be taken anew.
function Read-LbLastListing {
    param([hashtable]$Execution, [string]$File, $FullEveryDays)
    $files = New-Object -TypeName System.Collections.Hashtable -ArgumentList ([System.StringComparer]::OrdinalIgnoreCase)
    $none = @{ Files = $files; Full = $true }
    if ($null -eq $Execution['Last']) { return $none }
    $last = $Execution['Last']['Comparable']
    if ($null -eq $last -or $null -eq (Find-LbArtefact -Manifest $last -Path $File)) { return $none }
    if ($null -ne $FullEveryDays -and (Get-LbDaysSinceFull -Execution $Execution -File $File) -ge $FullEveryDays) { return $none }
    $good = @{}
    foreach ($set in $Execution['Last']['Sets']) { if ($set['Good']) { $good[$set['Manifest']['set']] = $true } }
    foreach ($line in @(Read-LbListing -Path (Get-LbSeriesPath -Execution $Execution -Child ('sets/' + $last['set'] + '/' + $File)))) {
        # What lies in a set that is damaged, or gone, is taken anew.
        if ($good.ContainsKey($line['set'])) { $files[$line['path']] = $line }
    }
    return @{ Files = $files; Full = $false }
}

function Find-LbArtefact {
    param([System.Collections.IDictionary]$Manifest, [string]$Path)
    foreach ($artefact in $Manifest['artefacts']) { if ($artefact['path'] -ceq $Path) { return $artefact } }
    return $null
}

function Get-LbDaysSinceFull {
    param([hashtable]$Execution, [string]$File)
    $newest = ''
    foreach ($set in $Execution['Last']['Sets']) {
        if (-not $set['Good']) { continue }
        $artefact = Find-LbArtefact -Manifest $set['Manifest'] -Path $File
        if ($null -eq $artefact -or (Get-LbText -Value $artefact['facts']['full']) -cne 'true') { continue }
        if ([string]::CompareOrdinal($set['Manifest']['startedAt'], $newest) -gt 0) { $newest = $set['Manifest']['startedAt'] }
    }
    if ($newest.Length -eq 0) { return [double]::MaxValue }
    return ((Get-LbUtcNow) - (ConvertFrom-LbInstant -Text $newest)).TotalDays
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

# The hashes of what was copied come into the listing; what has vanished from the store meanwhile is left out of it.
function Complete-LbListing {
    param([hashtable]$Execution, [hashtable]$Inventory)
    $kept = New-Object -TypeName System.Collections.ArrayList
    foreach ($entry in $Inventory['Entries']) {
        if ($entry['sha256'].Length -gt 0) { [void]$kept.Add($entry); continue }
        $copy = Get-LbSetPath -Execution $Execution -File ($script:LbFiles + '/' + $entry['path'])
        if (-not (Test-LbFile -Path $copy)) {
            if (-not (Test-LbFile -Path (Join-LbPath -Path $Inventory['Root'] -Child $entry['path']))) { continue }
            throw (Get-LbStepFailure -Code 'not-made' -Say 'copyMissing' -With @($entry['path']))
        }
        $file = New-Object -TypeName System.IO.FileInfo -ArgumentList (Get-LbNativePath -Path $copy)
        $entry['bytes'] = [long]$file.Length
        $entry['modifiedAt'] = ConvertTo-LbInstant -At $file.LastWriteTimeUtc
        $entry['sha256'] = Get-LbFileHash -Path $copy -Execution $Execution
        [void]$kept.Add($entry)
    }
    $Inventory['Entries'] = $kept.ToArray()
    Save-LbLine -Path (Get-LbWorkPath -Execution $Execution -File $Inventory['File']) -As 'jsonl' -Item $Inventory['Entries']
}
