# What a value in a step stands for. Nothing is computed here: a value is literal, looked up, or joined.

$script:LbUnspeakable = '[<>:"/\\|?*\p{Cc}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]'
$script:LbDevice = '^(con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])[ ]*(\.|\z)'

function Test-LbEmpty {
    param($Found)
    if ($null -eq $Found) { return $true }
    if ($Found -is [string]) { return $Found.Length -eq 0 }
    if ($Found -is [array]) { return $Found.Length -eq 0 }
    return $false
}

# Nothing, one or several, as an array: a single one is its only item.
function Get-LbList {
    param($Found)
    if ($null -eq $Found) { return , @() }
    return , @($Found)
}

function Resolve-LbReference {
    param([hashtable]$Execution, [string]$Reference)
    $path = @($Reference -split '\.')
    $root = Get-LbRoot -Execution $Execution -Name $path[0]
    return , (Find-LbValue -Value $root -Path $path -From 1)
}

function Get-LbRoot {
    param([hashtable]$Execution, [string]$Name)
    $job = $Execution['Job']
    $run = $Execution['Run']
    switch -CaseSensitive ($Name) {
        'host' { return Get-LbHostRoot -Execution $Execution }
        'run' { return [ordered]@{ id = $run['id']; trigger = $run['trigger']; startedAt = $run['startedAt'] } }
        'job' {
            $hosts = @(foreach ($placement in $job['placement']) { $placement['host'] })
            return [ordered]@{ name = $job['name']; hosts = $hosts; product = $job['product'] }
        }
        'last' {
            if ($null -eq $Execution['Last']) { return $null }
            return $Execution['Last']['Reference']
        }
        'item' { return , $Execution['CurrentItem'] }
    }
    return $Execution['Results'][$Name]
}

function Get-LbHostRoot {
    param([hashtable]$Execution)
    $root = [ordered]@{ fqdn = $Execution['Host']; pool = $null; instance = $null }
    foreach ($placement in $Execution['Job']['placement']) {
        if (-not (Test-LbSameText -One $placement['host'] -Other $Execution['Host'])) { continue }
        $root['fqdn'] = $placement['host']
        $root['pool'] = $placement['pool']
        $root['instance'] = $placement['instance']
        break
    }
    return $root
}

# Null: a skipped step or an absent field. Names are found without regard to case; * takes every item of a list.
function Find-LbValue {
    param($Value, [string[]]$Path, [int]$From)
    if ($null -eq $Value -or $From -ge $Path.Length) { return , $Value }
    $segment = $Path[$From]
    if ($segment -ceq '*') {
        if ($Value -isnot [array]) { return $null }
        $all = New-Object -TypeName System.Collections.ArrayList
        foreach ($one in $Value) {
            $inner = Find-LbValue -Value $one -Path $Path -From ($From + 1)
            $list = Get-LbList -Found $inner
            $all.AddRange($list)
        }
        return , $all.ToArray()
    }
    if ($Value -is [array]) {
        if ($segment -notmatch '^[0-9]{1,9}\z' -or [int]$segment -ge $Value.Length) { return $null }
        return , (Find-LbValue -Value ($Value[[int]$segment]) -Path $Path -From ($From + 1))
    }
    if ($Value -isnot [System.Collections.IDictionary]) { return $null }
    foreach ($entry in $Value.GetEnumerator()) {
        if (Test-LbSameText -One ([string]$entry.Key) -Other $segment) {
            return , (Find-LbValue -Value $entry.Value -Path $Path -From ($From + 1))
        }
    }
    return $null
}

# Outside conditions, what is empty is an error: a file name or a parameter must not vanish unnoticed.
function Resolve-LbDemanded {
    param([hashtable]$Execution, [string]$Reference)
    $found = Resolve-LbReference -Execution $Execution -Reference $Reference
    if ($null -eq $found -or ($found -is [string] -and $found.Length -eq 0)) {
        throw (Get-LbStepFailure -Code 'empty-reference' -Say 'emptyReference' -With @($Reference))
    }
    return , $found
}

function Resolve-LbValue {
    param([hashtable]$Execution, $Value)
    if ($Value -is [array]) {
        $all = New-Object -TypeName System.Collections.ArrayList
        foreach ($one in $Value) {
            if ($one -is [System.Collections.IDictionary]) {
                $found = Resolve-LbDemanded -Execution $Execution -Reference $one['$ref']
                $list = Get-LbList -Found $found
                $all.AddRange($list)
            } else { [void]$all.Add($one) }
        }
        return , $all.ToArray()
    }
    if ($Value -isnot [System.Collections.IDictionary]) { return $Value }
    if ($Value.Contains('$ref')) { return , (Resolve-LbDemanded -Execution $Execution -Reference $Value['$ref']) }
    if ($Value.Contains('$work')) { return Get-LbWorkPath -Execution $Execution -File (Resolve-LbFileName -Execution $Execution -Name $Value['$work']) }
    if ($Value.Contains('$set')) { return Get-LbSetPath -Execution $Execution -File (Resolve-LbFileName -Execution $Execution -Name $Value['$set']) }
    if ($Value.Contains('$mirror')) { return Get-LbMirrorPath -Execution $Execution -File (Resolve-LbFileName -Execution $Execution -Name $Value['$mirror']) }
    if ($Value.Contains('$text')) { return Join-LbPart -Execution $Execution -Part $Value['$text'] }
    $map = Get-LbEmptyMap
    foreach ($entry in $Value['$map'].GetEnumerator()) {
        $map[[string]$entry.Key] = Resolve-LbValue -Execution $Execution -Value $entry.Value
    }
    return $map
}

function Resolve-LbTextValue {
    param([hashtable]$Execution, $Value)
    $found = Resolve-LbValue -Execution $Execution -Value $Value
    return Get-LbText -Value $found
}

function Resolve-LbMap {
    param([hashtable]$Execution, $Map)
    $resolved = Get-LbEmptyMap
    if ($null -eq $Map) { return $resolved }
    foreach ($entry in $Map.GetEnumerator()) {
        $resolved[[string]$entry.Key] = Resolve-LbValue -Execution $Execution -Value $entry.Value
    }
    return $resolved
}

function Join-LbPart {
    param([hashtable]$Execution, [object[]]$Part)
    $texts = @(foreach ($one in $Part) {
            if ($one -is [string]) { $one }
            else {
                $found = Resolve-LbDemanded -Execution $Execution -Reference $one['$ref']
                Get-LbText -Value $found
            }
        })
    return [string]::Concat([string[]]$texts)
}

# Parts become one name, of a device never; a plain name may have folders in it.
function Resolve-LbFileName {
    param([hashtable]$Execution, $Name)
    if ($Name -is [string]) { return $Name }
    return ConvertTo-LbFileName -Text (Join-LbPart -Execution $Execution -Part $Name)
}

function ConvertTo-LbFileName {
    param([string]$Text)
    $possible = [regex]::Replace($Text, $script:LbUnspeakable, '_')
    $possible = [regex]::Replace($possible, '[. ]\z', '_')
    if ($possible.Length -ge 1 -and $possible.Length -le 1024 -and $possible -notmatch $script:LbDevice) { return $possible }
    return '_' + $possible
}

# A condition may ask for what is empty. Nothing is one of a list, and none of it, when it is empty itself.
function Test-LbCondition {
    param([hashtable]$Execution, $Condition)
    $found = Find-LbConditionValue -Execution $Execution -Value $Condition['value']
    return Test-LbSatisfied -Execution $Execution -Found $found -Is $Condition['is'] -Of $Condition['of']
}

function Find-LbConditionValue {
    param([hashtable]$Execution, $Value)
    if ($Value -is [System.Collections.IDictionary] -and $Value.Contains('$ref')) {
        return , (Resolve-LbReference -Execution $Execution -Reference $Value['$ref'])
    }
    return , (Resolve-LbValue -Execution $Execution -Value $Value)
}

function Test-LbSatisfied {
    param([hashtable]$Execution, $Found, [string]$Is, $Of)
    if ($Is -ceq 'empty') { return Test-LbEmpty -Found $Found }
    if ($Is -ceq 'present') { return -not (Test-LbEmpty -Found $Found) }
    $listed = New-Object -TypeName System.Collections.ArrayList
    if ($null -ne $Of) {
        foreach ($one in $Of) {
            $value = Find-LbConditionValue -Execution $Execution -Value $one
            $list = Get-LbList -Found $value
            $listed.AddRange($list)
        }
    }
    $items = @()
    if (-not (Test-LbEmpty -Found $Found)) { $items = Get-LbList -Found $Found }
    foreach ($item in $items) {
        $isListed = Test-LbListed -Item $item -List $listed
        if ($isListed -ne ($Is -ceq 'one-of')) { return $false }
    }
    return $Is -cne 'one-of' -or $items.Length -gt 0
}

function Test-LbListed {
    param($Item, [System.Collections.ArrayList]$List)
    $text = Get-LbText -Value $Item
    foreach ($one in $List) {
        if (Test-LbSameText -One $text -Other (Get-LbText -Value $one)) { return $true }
    }
    return $false
}
