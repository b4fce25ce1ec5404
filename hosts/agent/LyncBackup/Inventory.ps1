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
    Add-LbMade -Execution $Execution -Step $Step -Artefact $artefacts -Data $data -By $Step['title']
    $message = Get-LbMessage -Name 'listedAnew' -With @($entries.Length)
    if ($null -ne $base) { $message = Get-LbMessage -Name 'listed' -With @($entries.Length, $changed.Count) }
    return Get-LbDone -Message $message -Data $data
}

# Every file below a folder, in the order of their paths. Junctions are not followed, for they may lead in circles.
function Find-LbFile {
    param([hashtable]$Execution, [string]$Root, [System.Collections.IDictionary]$Step)
    $withoutFiles = Get-LbNamePattern -Name (Get-LbField -From $Step -Name 'excludeFiles' -Default @())
    $withoutFolders = Get-LbNamePattern -Name (Get-LbField -From $Step -Name 'excludeFolders' -Default @())
    Assert-LbSource -Path $Root -BackupMode (Get-LbField -From $Step -Name 'backupMode' -Default $false)
    $denied = New-Object -TypeName System.Collections.ArrayList
    $found = New-Object -TypeName 'System.Collections.Generic.SortedDictionary[string,object]' -ArgumentList ([System.StringComparer]::Ordinal)
    $folders = New-Object -TypeName System.Collections.Stack
    $folders.Push('')
    while ($folders.Count -gt 0) {
        $below = $folders.Pop()
        try {
            $native = Get-LbNativePath -Path ((Join-LbPath -Path $Root -Child $below).TrimEnd('\'))
            $folder = New-Object -TypeName System.IO.DirectoryInfo -ArgumentList $native
            $inside = $folder.GetFileSystemInfos()
        } catch {
            if ((ConvertTo-LbFailure -ErrorRecord $_)['code'] -cne 'access-denied') { throw }
            [void]$denied.Add($below.TrimEnd('/'))
            continue
        }
        foreach ($one in $inside) {
            $path = $below + $one.Name
            if ($one -is [System.IO.DirectoryInfo]) {
                if (($one.Attributes -band [System.IO.FileAttributes]::ReparsePoint) -ne 0) { continue }
                if (-not $withoutFolders.IsMatch($one.Name)) { $folders.Push($path + '/') }
                continue
            }
            if ($withoutFiles.IsMatch($one.Name)) { continue }
            $found.Add($path, [ordered]@{
                    path = $path; bytes = [long]$one.Length; modifiedAt = (ConvertTo-LbInstant -At $one.LastWriteTimeUtc); sha256 = ''; set = ''
                })
        }
        Write-LbBeat -Execution $Execution
    }
    # A listing that lacks something would say that it is not there.
    if ($denied.Count -gt 0) {
        $first = @(Get-LbSorted -Text ([string[]]$denied.ToArray()))[0]
        throw (Get-LbStepFailure -Code 'access-denied' -Say 'notListed' -With @($Root, $first) -Advise 'notListedAdvice')
    }
    $entries = @(foreach ($entry in $found.get_Values()) { $entry })
    return , $entries
}

# As robocopy compares names: without regard to case, * for any characters and ? for one. Without a name: of none.
function Get-LbNamePattern {
    param([object[]]$Name)
    $pattern = '(?!)'
    $parts = @(foreach ($one in $Name) { [regex]::Escape([string]$one).Replace('\*', '.*').Replace('\?', '.') })
    if ($parts.Length -gt 0) { $pattern = '^(?:' + [string]::Join('|', [string[]]$parts) + ')\z' }
    $options = [System.Text.RegularExpressions.RegexOptions]'IgnoreCase, Singleline, CultureInvariant'
    return New-Object -TypeName System.Text.RegularExpressions.Regex -ArgumentList $pattern, $options
}

# The newest good set with a listing of the same thing, with its files by their paths; null where there is none, or where
# it is time to take everything. What lies in a set that is damaged or gone is taken anew.
function Find-LbBase {
    param([hashtable]$Execution, [object[]]$Artefact, $FullEveryDays)
    if ($Artefact.Length -eq 0 -or $null -eq $Execution['Last']) { return $null }
    $path = $Artefact[0]['Path']
    $what = Get-LbScopeKey -Scope $Artefact[0]['Scope']
    $good = @{}
    $listed = New-Object -TypeName System.Collections.ArrayList
    $full = $null
    foreach ($known in $Execution['Last']['Sets']) {
        if (-not $known['Good']) { continue }
        $manifest = $known['Manifest']
        $good[$manifest['set']] = $true
        $listing = Find-LbListing -Manifest $manifest -Path $path -What $what
        if ($null -eq $listing) { continue }
        [void]$listed.Add(@{ Set = $manifest['set']; Sha256 = $listing['sha256'] })
        $isFull = Get-LbField -From $listing['facts'] -Name 'full'
        if ($isFull -is [bool] -and $isFull) { $full = $manifest }
    }
    if ($null -eq $full) { return $null }
    if ($null -ne $FullEveryDays -and (Get-LbDaysSince -At $full['startedAt']) -ge $FullEveryDays) { return $null }
    for ($index = $listed.Count - 1; $index -ge 0; $index--) {
        $set = $listed[$index]['Set']
        $file = Get-LbSeriesPath -Execution $Execution -Child ('sets/' + $set + '/' + $path)
        # A listing that is not what was sealed is not believed.
        if (-not (Test-LbFile -Path $file) -or (Get-LbFileHash -Path $file -Execution $Execution) -cne $listed[$index]['Sha256']) { continue }
        $files = New-Object -TypeName System.Collections.Hashtable -ArgumentList ([System.StringComparer]::OrdinalIgnoreCase)
        foreach ($line in @(Read-LbListing -Path $file)) { if ($good.ContainsKey($line['set'])) { $files[$line['path']] = $line } }
        return @{ Set = $set; Files = $files }
    }
    return $null
}

# Null: there is none of this path that is of the same thing.
function Find-LbListing {
    param([System.Collections.IDictionary]$Manifest, [string]$Path, [string]$What)
    foreach ($artefact in $Manifest['artefacts']) {
        if ($artefact['path'] -ceq $Path -and (Get-LbScopeKey -Scope $artefact['scope']) -ceq $What) { return $artefact }
    }
    return $null
}

function Find-LbArtefact {
    param([System.Collections.IDictionary]$Manifest, [string]$Path)
    foreach ($artefact in $Manifest['artefacts']) { if ($artefact['path'] -ceq $Path) { return $artefact } }
    return $null
}

function Get-LbDaysSince {
    param([string]$At)
    return Get-LbAge -At $At -Now (Get-LbNow)
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
# look and the copy stands there as it was copied; what was deleted meanwhile is no part of the set.
function Complete-LbListing {
    param([hashtable]$Execution, [string]$Id)
    $inventory = $null
    foreach ($step in $Execution['Job']['steps']) { if ($step['id'] -ceq $Id -and $step['kind'] -ceq 'inventory') { $inventory = $step } }
    if ($null -eq $inventory) { throw (Get-LbStepFailure -Code 'empty-reference' -Say 'emptyReference' -With @($Id)) }
    $path = Get-LbWorkPath -Execution $Execution -File (Resolve-LbFileName -Execution $Execution -Name $inventory['listing']['$work'])
    if (-not (Test-LbFile -Path $path)) { throw (Get-LbStepFailure -Code 'empty-reference' -Say 'emptyReference' -With @($Id)) }
    # Where the source itself is gone, nothing would tell what was deleted from what was not copied.
    $root = Resolve-LbTextValue -Execution $Execution -Value $inventory['root']
    Assert-LbSource -Path $root -BackupMode (Get-LbField -From $inventory -Name 'backupMode' -Default $false)
    $kept = @(foreach ($line in @(Read-LbListing -Path $path)) { Complete-LbListingLine -Execution $Execution -Line $line -Root $root })
    Save-LbLine -Path $path -As 'jsonl' -Item $kept
}

# Nothing where it was deleted meanwhile.
function Complete-LbListingLine {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Line, [string]$Root)
    $whole = [ordered]@{ path = $Line['path']; bytes = $Line['bytes']; modifiedAt = $Line['modifiedAt']; sha256 = $Line['sha256']; set = $Line['set'] }
    if ($whole['sha256'].Length -gt 0) { return $whole }
    $copy = Get-LbSetPath -Execution $Execution -File ($script:LbFiles + '/' + $whole['path'])
    if (-not (Test-LbFile -Path $copy)) {
        if (-not (Test-LbFile -Path (Join-LbPath -Path $Root -Child $whole['path']))) { return }
        throw (Get-LbStepFailure -Code 'not-made' -Say 'copyMissing' -With @($whole['path']))
    }
    $file = New-Object -TypeName System.IO.FileInfo -ArgumentList (Get-LbNativePath -Path $copy)
    $whole['bytes'] = [long]$file.Length
    $whole['modifiedAt'] = ConvertTo-LbInstant -At $file.LastWriteTimeUtc
    $whole['sha256'] = Get-LbFileHash -Path $copy -Execution $Execution
    return $whole
}
