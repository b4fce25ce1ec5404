# Which sets of a series stay, newest first, and why. The same decisions, in the same words, as everywhere in the
# product; estate/vectors/retention.jsonl holds them against each other.

# Sets: maps with set, startedAt, good, needs, covers, carried, held and perhaps lockedUntil. To be taken as @(...).
function Get-LbRetention {
    param([object[]]$Sets, [System.Collections.IDictionary]$Policy, [object[]]$Awaits, [string]$Now)
    $newestFirst = @(Get-LbNewestFirst -Sets $Sets)
    $reasons = Get-LbEmptyMap
    foreach ($set in $newestFirst) { $reasons[$set['set']] = New-Object -TypeName System.Collections.ArrayList }

    $broken = Get-LbUnsound -Sets $newestFirst -Sound (Get-LbSoundTable -Sets $newestFirst -Copies $null)
    $restorable = @(foreach ($set in $newestFirst) {
            if (-not $broken.ContainsKey($set['set']) -and [string]::CompareOrdinal($set['startedAt'], $Now) -le 0) { $set }
        })
    foreach ($pick in @(Get-LbPick -Sets $restorable -Policy $Policy)) {
        if (-not (Test-LbTooOld -Set $pick['Set'] -Policy $Policy -Now $Now)) { [void]$reasons[$pick['Set']['set']].Add($pick['Reason']) }
    }

    foreach ($one in @(Get-LbNewestOfEach -Sets $restorable)) { [void]$reasons[$one['Set']].Add('the newest good set' + $one['What']) }
    $notOffsite = Get-LbUnsound -Sets $newestFirst -Sound (Get-LbSoundTable -Sets $newestFirst -Copies $Awaits)
    $offsite = @(foreach ($set in $restorable) { if (-not $notOffsite.ContainsKey($set['set'])) { $set } })
    foreach ($one in @(Get-LbNewestOfEach -Sets $offsite)) { [void]$reasons[$one['Set']].Add('the newest set that is offsite' + $one['What']) }

    $isNewer = $true
    foreach ($set in $newestFirst) {
        if ($restorable.Length -gt 0 -and $restorable[0]['set'] -ceq $set['set']) { $isNewer = $false }
        Add-LbPromise -Reasons $reasons[$set['set']] -Set $set -IsNewer $isNewer -IsBroken ($broken.ContainsKey($set['set'])) -Awaits $Awaits -Now $Now
    }
    Add-LbNeeded -Sets $newestFirst -Reasons $reasons

    foreach ($set in $newestFirst) {
        $why = $reasons[$set['set']]
        $keep = $why.Count -gt 0
        if (-not $keep) { [void]$why.Add((Get-LbReasonToGo -Set $set -Policy $Policy -Now $Now -IsBroken ($broken.ContainsKey($set['set'])))) }
        [ordered]@{ set = $set['set']; keep = $keep; reasons = $why.ToArray() }
    }
}

function Add-LbPromise {
    param([System.Collections.ArrayList]$Reasons, [System.Collections.IDictionary]$Set, [bool]$IsNewer, [bool]$IsBroken, [object[]]$Awaits, [string]$Now)
    if ([string]::CompareOrdinal($Set['startedAt'], $Now) -gt 0) { [void]$Reasons.Add('from the future: some clock was wrong') }
    elseif ($IsNewer) { [void]$Reasons.Add('nothing newer can be restored') }
    if ($Set['held']) { [void]$Reasons.Add('held') }
    $locked = $Set['lockedUntil']
    if ($null -ne $locked -and [string]::CompareOrdinal($locked, $Now) -gt 0) { [void]$Reasons.Add('locked until ' + $locked) }
    # What is damaged will never be carried: to wait for that would keep it for ever.
    if ($IsBroken) { return }
    foreach ($copy in $Awaits) { if ($Set['carried'] -cnotcontains $copy) { [void]$Reasons.Add('not yet carried by ' + $copy) } }
}

function Get-LbReasonToGo {
    param([System.Collections.IDictionary]$Set, [System.Collections.IDictionary]$Policy, [string]$Now, [bool]$IsBroken)
    if (Test-LbTooOld -Set $Set -Policy $Policy -Now $Now) { return 'older than ' + (Get-LbText -Value $Policy['maximumAgeDays']) + ' days' }
    if (-not $Set['good']) { return 'not a good set' }
    if ($IsBroken) { return 'needs what is damaged or not there' }
    return 'no rule wants it'
}

# Times are all written alike, so that their texts sort as they do.
function Get-LbNewestFirst {
    param([object[]]$Sets)
    $sorted = New-Object -TypeName 'System.Collections.Generic.SortedDictionary[string,object]' -ArgumentList ([System.StringComparer]::Ordinal)
    foreach ($set in $Sets) { $sorted.Add($set['startedAt'] + ' ' + $set['set'], $set) }
    $oldestFirst = @(foreach ($set in $sorted.get_Values()) { $set })
    for ($index = $oldestFirst.Length - 1; $index -ge 0; $index--) { $oldestFirst[$index] }
}

function Get-LbAge {
    param([string]$At, [string]$Now)
    return ((ConvertFrom-LbInstant -Text $Now) - (ConvertFrom-LbInstant -Text $At)).Ticks / [System.TimeSpan]::TicksPerDay
}

function Test-LbTooOld {
    param([System.Collections.IDictionary]$Set, [System.Collections.IDictionary]$Policy, [string]$Now)
    $most = $Policy['maximumAgeDays']
    if ($null -eq $most) { return $false }
    return (Get-LbAge -At $Set['startedAt'] -Now $Now) -gt $most
}

# Days and weeks are those of UTC.
function Get-LbBucket {
    param([string]$Rule, [string]$At)
    switch -CaseSensitive ($Rule) {
        'daily' { return $At.Substring(0, 10) }
        'weekly' {
            $day = (ConvertFrom-LbInstant -Text $At).Date
            $monday = $day.AddDays(-(([int]$day.DayOfWeek + 6) % 7))
            return $monday.ToString('yyyy-MM-dd', $script:LbInvariant)
        }
        'monthly' { return $At.Substring(0, 7) }
    }
    return $At.Substring(0, 4)
}

# What the policy asks for, rule by rule. Days are counted back from the newest, so that a pause costs no history.
function Get-LbPick {
    param([object[]]$Sets, [System.Collections.IDictionary]$Policy)
    $last = Get-LbField -From $Policy -Name 'last' -Default 3
    for ($index = 0; $index -lt $Sets.Length -and $index -lt $last; $index++) {
        @{ Set = $Sets[$index]; Reason = 'one of the last ' + (Get-LbText -Value $last) }
    }
    foreach ($rule in @('daily', 'weekly', 'monthly', 'yearly')) {
        $count = Get-LbField -From $Policy -Name $rule -Default 0
        $seen = @{}
        foreach ($set in $Sets) {
            if ($seen.Count -ge $count) { break }
            $bucket = Get-LbBucket -Rule $rule -At $set['startedAt']
            if ($seen.ContainsKey($bucket)) { continue }
            $seen[$bucket] = $true
            @{ Set = $set; Reason = $rule + ': newest of ' + $bucket }
        }
    }
    $within = $Policy['withinDays']
    if ($null -eq $within -or $Sets.Length -eq 0) { return }
    $newest = $Sets[0]['startedAt']
    foreach ($set in $Sets) {
        if ((Get-LbAge -At $set['startedAt'] -Now $newest) -le $within) { @{ Set = $set; Reason = 'within ' + (Get-LbText -Value $within) + ' days' } }
    }
}

# The newest of them all; and, where older ones hold what no newer one does, the newest of each such thing.
function Get-LbNewestOfEach {
    param([object[]]$Sets)
    $seen = Get-LbEmptyMap
    for ($index = 0; $index -lt $Sets.Length; $index++) {
        $set = $Sets[$index]
        $new = @(foreach ($cover in $set['covers']) { if (-not $seen.Contains($cover)) { $cover } })
        foreach ($cover in $set['covers']) { $seen[$cover] = $true }
        if ($index -eq 0) { @{ Set = $set['set']; What = '' } }
        elseif ($new.Length -gt 0) { @{ Set = $set['set']; What = ' with ' + $new[0] + (Get-LbAndMore -Count ($new.Length - 1)) } }
    }
}

function Get-LbAndMore {
    param([int]$Count)
    if ($Count -gt 0) { return ' and ' + (Get-LbText -Value $Count) + ' more' }
    return ''
}

# By set: whether it is good; or, where copies are named, whether all of them have carried it, and of none any.
function Get-LbSoundTable {
    param([object[]]$Sets, $Copies)
    $sound = @{}
    foreach ($set in $Sets) {
        $is = $set['good']
        if ($null -ne $Copies) {
            $is = $set['carried'].Length -gt 0
            if ($Copies.Length -gt 0) {
                $is = $true
                foreach ($copy in $Copies) { if ($set['carried'] -cnotcontains $copy) { $is = $false } }
            }
        }
        $sound[$set['set']] = [bool]$is
    }
    return $sound
}

# What is not sound, and all that needs it, or needs what is not there: a table by set.
function Get-LbUnsound {
    param([object[]]$Sets, [hashtable]$Sound)
    $dependents = @{}
    $unsound = @{}
    $queue = New-Object -TypeName System.Collections.Queue
    foreach ($set in $Sets) {
        $is = $Sound[$set['set']]
        foreach ($needed in $set['needs']) {
            if (-not $Sound.ContainsKey($needed)) { $is = $false }
            if (-not $dependents.ContainsKey($needed)) { $dependents[$needed] = New-Object -TypeName System.Collections.ArrayList }
            [void]$dependents[$needed].Add($set['set'])
        }
        if (-not $is) { $queue.Enqueue($set['set']) }
    }
    while ($queue.Count -gt 0) {
        $name = $queue.Dequeue()
        if ($unsound.ContainsKey($name)) { continue }
        $unsound[$name] = $true
        if ($dependents.ContainsKey($name)) { foreach ($one in $dependents[$name]) { $queue.Enqueue($one) } }
    }
    return $unsound
}

# What the kept sets need, directly or through others; each with the sets that name it, newest first.
function Add-LbNeeded {
    param([object[]]$Sets, [System.Collections.IDictionary]$Reasons)
    $needs = @{}
    $stay = @{}
    $queue = New-Object -TypeName System.Collections.Queue
    foreach ($set in $Sets) {
        $needs[$set['set']] = $set['needs']
        if ($Reasons[$set['set']].Count -gt 0) { $queue.Enqueue($set['set']) }
    }
    while ($queue.Count -gt 0) {
        $name = $queue.Dequeue()
        if ($stay.ContainsKey($name)) { continue }
        $stay[$name] = $true
        if ($needs.ContainsKey($name)) { foreach ($needed in $needs[$name]) { $queue.Enqueue($needed) } }
    }
    $by = @{}
    foreach ($set in $Sets) {
        if (-not $stay.ContainsKey($set['set'])) { continue }
        foreach ($needed in @($set['needs'] | Select-Object -Unique)) {
            if (-not $by.ContainsKey($needed)) { $by[$needed] = New-Object -TypeName System.Collections.ArrayList }
            [void]$by[$needed].Add($set['set'])
        }
    }
    foreach ($set in $Sets) {
        if (-not $by.ContainsKey($set['set'])) { continue }
        $names = $by[$set['set']]
        [void]$Reasons[$set['set']].Add('needed by ' + $names[0] + (Get-LbAndMore -Count ($names.Count - 1)))
    }
}
