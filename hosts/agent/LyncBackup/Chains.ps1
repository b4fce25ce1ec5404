# What sets need, and what a differential or a log builds on. A log needs the log before it, or the newest full or
# differential backup that ends in it; else no log would ever let go of the first full backup.

# What each set needs as things stand now, by its name.
function Get-LbNeed {
    param([object[]]$Sets)
    $links = Get-LbLink -Sets $Sets
    $needs = @{}
    foreach ($set in $Sets) { $needs[$set['Manifest']['set']] = Get-LbNeedOf -Manifest $set['Manifest'] -Links $links }
    return $needs
}

# Only a log can be built on something else than it was: a differential has one full backup and no other.
function Get-LbNeedOf {
    param([System.Collections.IDictionary]$Manifest, [System.Collections.IDictionary]$Links)
    $declared = Get-LbField -From $Manifest -Name 'needs' -Default @()
    if ($Manifest['kind'] -cne 'log') { return , $declared }
    $needs = New-Object -TypeName System.Collections.ArrayList
    foreach ($artefact in $Manifest['artefacts']) {
        $link = ConvertTo-LbLink -Manifest $Manifest -Artefact $artefact
        $best = $null
        if ($null -ne $link) { $best = Find-LbBestLink -Log $link -Others $Links[(Get-LbScopeKey -Scope $artefact['scope'])] }
        if ($null -eq $best) { return , $declared }
        if (-not $needs.Contains($best)) { [void]$needs.Add($best) }
    }
    return , $needs.ToArray()
}

# The newest full or differential backup that ends in this log; else the log before it.
function Find-LbBestLink {
    param([hashtable]$Log, $Others)
    if ($null -eq $Others) { return $null }
    $base = $null
    $before = $null
    foreach ($one in $Others) {
        if ($one['Set'] -ceq $Log['Set'] -or $one['Fork'] -cne $Log['Fork']) { continue }
        if ($one['Kind'] -ceq 'log') {
            if ($null -eq $before -and $one['Last'] -ceq $Log['First']) { $before = $one }
            continue
        }
        if ([string]::CompareOrdinal($one['Last'], $Log['First']) -lt 0 -or [string]::CompareOrdinal($one['Last'], $Log['Last']) -gt 0) { continue }
        if ($null -eq $base -or [string]::CompareOrdinal($one['Last'], $base['Last']) -ge 0) { $base = $one }
    }
    if ($null -ne $base) { return $base['Set'] }
    if ($null -ne $before) { return $before['Set'] }
    return $null
}

# By what they are of; without what cannot be restored, be it damaged itself or built on what is.
function Get-LbLink {
    param([object[]]$Sets)
    $good = @{}
    foreach ($set in $Sets) { if ($set['Good']) { $good[$set['Manifest']['set']] = $true } }
    $links = Get-LbEmptyMap
    foreach ($set in $Sets) {
        $manifest = $set['Manifest']
        if (-not $set['Good'] -or @('full', 'differential', 'log') -cnotcontains $manifest['kind']) { continue }
        if ($manifest['kind'] -ceq 'differential' -and -not (Test-LbAllIn -Name (Get-LbField -From $manifest -Name 'needs' -Default @()) -Table $good)) { continue }
        foreach ($artefact in $manifest['artefacts']) {
            $link = ConvertTo-LbLink -Manifest $manifest -Artefact $artefact
            if ($null -eq $link) { continue }
            $key = Get-LbScopeKey -Scope $artefact['scope']
            if (-not $links.Contains($key)) { $links[$key] = New-Object -TypeName System.Collections.ArrayList }
            [void]$links[$key].Add($link)
        }
    }
    return $links
}

function Test-LbAllIn {
    param([object[]]$Name, [hashtable]$Table)
    foreach ($one in $Name) { if (-not $Table.ContainsKey($one)) { return $false } }
    return $true
}

# Null: its facts do not tell. The numbers are longer than those of JSON, so they are texts of one length here.
function ConvertTo-LbLink {
    param([System.Collections.IDictionary]$Manifest, [System.Collections.IDictionary]$Artefact)
    $facts = $Artefact['facts']
    if ($null -eq $facts) { return $null }
    $first = $facts['first-lsn']
    $last = $facts['last-lsn']
    $fork = $facts['recovery-fork']
    if ($first -isnot [string] -or $last -isnot [string] -or $fork -isnot [string]) { return $null }
    if ($first -notmatch '^[0-9]{1,30}\z' -or $last -notmatch '^[0-9]{1,30}\z') { return $null }
    return @{ Set = $Manifest['set']; Kind = $Manifest['kind']; First = $first.PadLeft(30, '0'); Last = $last.PadLeft(30, '0'); Fork = $fork }
}

# What a differential or a log builds on: the set that holds the same thing and was the last to be finished.
function Invoke-LbChain {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $what = Get-LbScopeKey -Scope (Resolve-LbScope -Execution $Execution -Path 'this' -Scope $Step['scope'])
    # A copy-only backup stands beside the chain: nothing builds on it.
    $kinds = @('full', 'differential', 'log')
    if ($Step['on'] -ceq 'full') { $kinds = @('full') }
    $base = $null
    $order = ''
    foreach ($manifest in @(Get-LbRestorable -Execution $Execution)) {
        if ($kinds -cnotcontains $manifest['kind']) { continue }
        $artefact = Find-LbArtefactOf -Manifest $manifest -What $what
        if ($null -eq $artefact) { continue }
        $mine = Get-LbLinkOrder -Manifest $manifest -Facts $artefact['facts']
        if ($null -ne $base -and [string]::CompareOrdinal($order, $mine) -gt 0) { continue }
        $order = $mine
        $base = [ordered]@{ set = $manifest['set']; kind = $manifest['kind']; at = $manifest['startedAt']; facts = $artefact['facts'] }
    }
    if ($null -eq $base) {
        $say = 'noBase'
        if ($Step['on'] -ceq 'full') { $say = 'noFullBase' }
        throw (Get-LbStepFailure -Code 'no-base' -Say $say -With @($what, (Get-LbSeriesName -Job $Execution['Job'])) -Advise 'noBaseAdvice')
    }
    $item = Get-LbEmptyMap
    $current = $Execution['CurrentItem']
    if ($current -is [System.Collections.IDictionary]) { foreach ($entry in $current.GetEnumerator()) { $item[[string]$entry.Key] = $entry.Value } }
    $item['base'] = $base
    return Get-LbDone -Message (Get-LbMessage -Name 'foundBase' -With @($what, $base['set'])) -Data ([ordered]@{ items = @($item) })
}

function Find-LbArtefactOf {
    param([System.Collections.IDictionary]$Manifest, [string]$What)
    foreach ($artefact in $Manifest['artefacts']) { if ((Get-LbScopeKey -Scope $artefact['scope']) -ceq $What) { return $artefact } }
    return $null
}

# Texts that sort as the backups were finished; two of one second are told apart by how far they reach.
function Get-LbLinkOrder {
    param([System.Collections.IDictionary]$Manifest, $Facts)
    $finished = Get-LbField -From $Facts -Name 'finished-at' -Default $Manifest['startedAt']
    $last = Get-LbField -From $Facts -Name 'last-lsn' -Default ''
    return (Get-LbText -Value $finished) + ' ' + (Get-LbText -Value $last).PadLeft(30, '0')
}

# Oldest first, without what is damaged, and without what needs something damaged or gone.
function Get-LbRestorable {
    param([hashtable]$Execution)
    if ($null -eq $Execution['Last']) { return }
    $sets = $Execution['Last']['Sets']
    $needs = Get-LbNeed -Sets $sets
    $sound = @{}
    foreach ($set in $sets) { if ($set['Good']) { $sound[$set['Manifest']['set']] = $true } }
    do {
        $before = $sound.Count
        foreach ($name in @($sound.Keys)) { if (-not (Test-LbAllIn -Name $needs[$name] -Table $sound)) { $sound.Remove($name) } }
    } while ($sound.Count -lt $before)
    foreach ($set in $sets) { if ($sound.ContainsKey($set['Manifest']['set'])) { $set['Manifest'] } }
}
