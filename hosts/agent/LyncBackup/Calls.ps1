# What a step kind answers, guards, and the artefacts that calls make.

function Get-LbDone {
    param([string]$Message, [System.Collections.IDictionary]$Data, [string]$Outcome = 'ok')
    return @{ Message = $Message; Data = $Data; Outcome = $Outcome }
}

function Invoke-LbGuard {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    if (Test-LbCondition -Execution $Execution -Condition $Step['condition']) {
        return Get-LbDone -Message (Get-LbMessage -Name 'guardHolds' -With @($Step['title'])) -Data ([ordered]@{ holds = $true })
    }
    if ($Step['otherwise'] -ceq 'fail') { throw (Get-LbFailure -Code 'guard' -Message $Step['because']) }
    $outcome = 'nothing-to-do'
    if ($Step['otherwise'] -ceq 'stand-down') { $outcome = 'stood-down' }
    return Get-LbDone -Message $Step['because'] -Data ([ordered]@{ holds = $false }) -Outcome $outcome
}

# The artefacts that a step declares, each with a folder to be written into. To be taken as @(...).
function Get-LbDeclared {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $produces = Get-LbField -From $Step -Name 'produces' -Default @()
    foreach ($declared in $produces) {
        $artefact = Get-LbDeclaredArtefact -Execution $Execution -Declared $declared
        if ($artefact['In'] -ceq 'set') { $Execution['HasSetFolder'] = $true }
        Add-LbFolder -Path (Get-LbParent -Path (Get-LbArtefactPath -Execution $Execution -Artefact $artefact))
        $artefact
    }
}

function Get-LbDeclaredArtefact {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Declared)
    $file = $Declared['file']
    $where = 'work'
    if ($file.Contains('$set')) { $where = 'set' }
    $path = Resolve-LbFileName -Execution $Execution -Name $file['$' + $where]
    # Names of different things may become the same: the second file must not take the place of the first.
    foreach ($made in $Execution['Artefacts']) {
        if (Test-LbSameText -One $made['Path'] -Other $path) { throw (Get-LbStepFailure -Code 'made-twice' -Say 'madeTwice' -With @($path)) }
    }
    $covers = $null
    if ($null -ne $Declared['covers']) {
        $covers = @(foreach ($cover in $Declared['covers']) {
                [ordered]@{ datum = $cover['datum']; scope = (Resolve-LbScope -Execution $Execution -Path $path -Scope $cover['scope']) }
            })
    }
    return @{
        Path         = $path
        In           = $where
        Datum        = (Resolve-LbTextValue -Execution $Execution -Value $Declared['datum'])
        Scope        = (Resolve-LbScope -Execution $Execution -Path $path -Scope $Declared['scope'])
        Format       = $Declared['format']
        AtLeastBytes = (Get-LbField -From $Declared -Name 'atLeastBytes' -Default 1)
        Covers       = $covers
        Declared     = $Declared
        Facts        = $null
        Bytes        = $null
        Sha256       = $null
        Parts        = $null
    }
}

# Names of computers, shares and instances are kept in lower case, so that a scope has one spelling.
function Resolve-LbScope {
    param([hashtable]$Execution, [string]$Path, [System.Collections.IDictionary]$Scope)
    $resolved = Get-LbEmptyMap
    foreach ($entry in $Scope.GetEnumerator()) {
        $text = Resolve-LbTextValue -Execution $Execution -Value $entry.Value
        if ($entry.Key -cne 'database') { $text = $text.ToLowerInvariant() }
        if ($text.Length -eq 0) { throw (Get-LbStepFailure -Code 'no-scope' -Say 'noScope' -With @($Path, ([string]$entry.Key + ' is empty'))) }
        $resolved[[string]$entry.Key] = $text
    }
    return $resolved
}

# One text for each scope, so that two documents that mean the same place agree.
function Get-LbScopeKey {
    param([System.Collections.IDictionary]$Scope)
    switch -CaseSensitive ([string]$Scope['of']) {
        'deployment' { return 'deployment' }
        'pool' { return 'pool ' + $Scope['pool'] }
        'store' { return 'store ' + $Scope['path'] }
        'server' { return 'server ' + $Scope['server'] }
        'instance' { return 'instance ' + $Scope['instance'] }
        'database' { return 'database ' + $Scope['instance'] + ' ' + ([string]$Scope['database']).ToLowerInvariant() }
    }
    throw (Get-LbFailure -Code 'invalid-document' -Message 'A scope is of no kind that this release knows.')
}

# A call that reports no error has still to be looked after. Facts may refer to what it has found itself.
function Add-LbMade {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step, [object[]]$Artefact, [System.Collections.IDictionary]$Data, [string]$By)
    $Execution['Results'][$Step['id']] = $Data
    foreach ($one in $Artefact) {
        if (-not (Test-LbFile -Path (Get-LbArtefactPath -Execution $Execution -Artefact $one))) {
            throw (Get-LbStepFailure -Code 'not-made' -Say 'notMade' -With @($By, $one['Path']))
        }
        $one['Facts'] = Resolve-LbMap -Execution $Execution -Map $one['Declared']['facts']
        [void]$Execution['Artefacts'].Add($one)
    }
}

# The result of a call: at most a thousand items, or a file of lines.
function Complete-LbCall {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step, [object[]]$Item, [string]$By)
    $saveAs = $Step['saveAs']
    $select = Get-LbField -From $Step -Name 'select' -Default @()
    if ($null -eq $saveAs -and ($select.Length -gt 0 -or $Step['kind'] -ceq 'sql') -and $Item.Length -gt 1000) {
        throw (Get-LbStepFailure -Code 'too-many-items' -Say 'tooManyItems' -With @($By, $Item.Length))
    }
    $kept = $Item
    if ($null -ne $saveAs) {
        Save-LbLine -Path (Get-LbWorkPath -Execution $Execution -File (Resolve-LbFileName -Execution $Execution -Name $saveAs['file']['$work'])) -As $saveAs['as'] -Item $Item
        $kept = @()
    } elseif ($select.Length -eq 0) { $kept = @() }
    return [ordered]@{ items = $kept; count = $Item.Length }
}

function Save-LbLine {
    param([string]$Path, [string]$As, [object[]]$Item)
    Add-LbFolder -Path (Get-LbParent -Path $Path)
    $stream = New-Object -TypeName System.IO.FileStream -ArgumentList @(
        (Get-LbNativePath -Path $Path -Change), [System.IO.FileMode]::Create, [System.IO.FileAccess]::Write, [System.IO.FileShare]::None)
    try {
        foreach ($one in $Item) {
            if ($As -ceq 'jsonl') { $line = ConvertTo-LbJson -Value $one -Compact }
            else { $line = [string]::Join("`t", [string[]]@(foreach ($entry in $one.GetEnumerator()) { Get-LbText -Value $entry.Value })) }
            $bytes = $script:LbUtf8.GetBytes($line + "`n")
            $stream.Write($bytes, 0, $bytes.Length)
        }
    } finally { $stream.Dispose() }
}
