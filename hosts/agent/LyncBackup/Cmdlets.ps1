# Lync's own cmdlets and no others, by name and parameters. Each runs in a runspace of its own process, so that it can
# be waited for: a run shows signs of life, and a time limit holds.

$script:LbCmdletName = '^[A-Z][A-Za-z]+-Cs[A-Z][A-Za-z0-9]+\z'
$script:LbReadingVerbs = @('Get', 'Test', 'Export', 'Debug')
$script:LbUnattended = @('backup', 'offsite', 'probe')

function Invoke-LbCmdletStep {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $cmdlet = $Step['cmdlet']
    $parameters = Resolve-LbMap -Execution $Execution -Map $Step['parameters']
    $artefacts = @(Get-LbDeclared -Execution $Execution -Step $Step)
    $items = @(Invoke-LbCmdletCall -Execution $Execution -Call $Step -Parameters $parameters)
    $data = Complete-LbCall -Execution $Execution -Step $Step -Item $items -By $cmdlet
    Add-LbMade -Execution $Execution -Step $Step -Artefact $artefacts -Data $data -By $cmdlet
    $message = Get-LbMessage -Name 'hasRun' -With @($cmdlet)
    if ($items.Length -gt 0) { $message = Get-LbMessage -Name 'foundItems' -With @($cmdlet, $items.Length) }
    return Get-LbDone -Message $message -Data $data
}

# The items that a call finds and that count, with the properties that were asked for. To be taken as @(...).
function Invoke-LbCmdletCall {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Call, [System.Collections.IDictionary]$Parameters)
    Assert-LbAllowed -Execution $Execution -Name $Call['cmdlet']
    $output = @(Invoke-LbCommand -Execution $Execution -Name $Call['cmdlet'] -Parameters $Parameters)
    $select = Get-LbField -From $Call -Name 'select' -Default @()
    foreach ($item in @(Expand-LbItem -Output $output -Property ([string]$Call['expand']))) {
        if (-not (Test-LbWanted -Execution $Execution -Item $item -Where $Call['where'])) { continue }
        $row = Get-LbEmptyMap
        foreach ($name in $select) { $row[$name] = ConvertTo-LbItemText -Value (Get-LbProperty -Of $item -Name $name) }
        $row
    }
}

function Assert-LbAllowed {
    param([hashtable]$Execution, [string]$Name)
    if ($Name -cnotmatch $script:LbCmdletName) { throw (Get-LbStepFailure -Code 'refused' -Say 'notACmdlet' -With @($Name)) }
    $purpose = $Execution['Job']['purpose']
    $verb = $Name.Substring(0, $Name.IndexOf('-'))
    if ($script:LbUnattended -ccontains $purpose -and $script:LbReadingVerbs -cnotcontains $verb) {
        throw (Get-LbStepFailure -Code 'refused' -Say 'notAllowed' -With @($Name, $purpose))
    }
}

# The items of a list property take the place of the output; what is no object is its own `Value`.
function Expand-LbItem {
    param([object[]]$Output, [string]$Property)
    foreach ($item in $Output) {
        if ($null -eq $item) { continue }
        if ($Property.Length -eq 0) { $item; continue }
        $list = Get-LbProperty -Of $item -Name $Property
        foreach ($one in $list) {
            if ($null -eq $one) { continue }
            if ($one -is [string] -or $one -is [System.ValueType]) { @{ Value = $one } } else { $one }
        }
    }
}

# Null where there is none of this name. A list comes as one thing.
function Get-LbProperty {
    param($Of, [string]$Name)
    if ($Of -is [System.Collections.IDictionary]) { return , $Of[$Name] }
    $property = $Of.PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    return , $property.Value
}

function Test-LbWanted {
    param([hashtable]$Execution, $Item, $Where)
    if ($null -eq $Where) { return $true }
    foreach ($one in $Where) {
        $found = ConvertTo-LbItemText -Value (Get-LbProperty -Of $Item -Name $one['property'])
        if (-not (Test-LbSatisfied -Execution $Execution -Found $found -Is $one['is'] -Of $one['of'])) { return $false }
    }
    return $true
}

# Properties become text; of a list, each item does.
function ConvertTo-LbItemText {
    param($Value)
    if ($null -eq $Value) { return $null }
    if ($Value -is [string] -or $Value -is [System.Collections.IDictionary] -or $Value -isnot [System.Collections.IEnumerable]) {
        return Get-LbText -Value $Value
    }
    $texts = @(foreach ($one in $Value) { Get-LbText -Value $one })
    return , $texts
}

# Calls it and answers with its output. Whatever is an error there, also one that would let a script go on, is one here.
function Invoke-LbCommand {
    param([hashtable]$Execution, [string]$Name, [System.Collections.IDictionary]$Parameters)
    $shell = [System.Management.Automation.PowerShell]::Create()
    $waiting = $null
    $ended = $false
    try {
        $shell.Runspace = Get-LbRunspace -Execution $Execution
        [void]$shell.AddCommand($Name)
        foreach ($entry in $Parameters.GetEnumerator()) {
            [void]$shell.AddParameter([string]$entry.Key, (ConvertTo-LbParameter -Value $entry.Value))
        }
        [void]$shell.AddParameter('ErrorAction', [System.Management.Automation.ActionPreference]::Stop)
        $waiting = $shell.BeginInvoke()
        while (-not $waiting.AsyncWaitHandle.WaitOne(1000)) { Write-LbBeat -Execution $Execution }
        $ended = $true
        $output = $shell.EndInvoke($waiting)
        if ($shell.Streams.Error.Count -gt 0) {
            throw (Get-LbCmdletFailure -Execution $Execution -Name $Name -ErrorRecord $shell.Streams.Error[0])
        }
        foreach ($one in $output) { $one }
    } catch {
        throw (Get-LbCmdletFailure -Execution $Execution -Name $Name -ErrorRecord $_)
    } finally {
        if ($ended -or $null -eq $waiting) { $shell.Dispose() }
        else {
            # It goes on, perhaps for ever: it is told to end, and whatever comes next gets another runspace.
            [void]$shell.BeginStop($null, $null)
            $Execution['Runspace'] = $null
        }
    }
}

function Get-LbRunspace {
    param([hashtable]$Execution)
    if ($null -eq $Execution['Runspace']) {
        $runspace = [System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace()
        $runspace.Open()
        # Nobody is there to be asked.
        $runspace.SessionStateProxy.SetVariable('ConfirmPreference', 'None')
        $runspace.SessionStateProxy.SetVariable('ProgressPreference', 'SilentlyContinue')
        $Execution['Runspace'] = $runspace
    }
    return $Execution['Runspace']
}

function Close-LbRunspace {
    param([hashtable]$Execution)
    if ($null -eq $Execution['Runspace']) { return }
    $Execution['Runspace'].Dispose()
    $Execution['Runspace'] = $null
}

# A map becomes the hashtable that cmdlets take.
function ConvertTo-LbParameter {
    param($Value)
    if ($Value -isnot [System.Collections.IDictionary]) { return , $Value }
    $table = @{}
    foreach ($entry in $Value.GetEnumerator()) { $table[[string]$entry.Key] = $entry.Value }
    return $table
}

function Get-LbCmdletFailure {
    param([hashtable]$Execution, [string]$Name, [System.Management.Automation.ErrorRecord]$ErrorRecord)
    for ($inner = $ErrorRecord.Exception; $null -ne $inner; $inner = $inner.InnerException) {
        if ($inner.Data.Contains('LbCode')) { return $inner }
    }
    $record = $ErrorRecord
    for ($inner = $ErrorRecord.Exception; $null -ne $inner; $inner = $inner.InnerException) {
        if ($inner -is [System.Management.Automation.MethodInvocationException]) { continue }
        if ($inner -is [System.Management.Automation.RuntimeException] -and $null -ne $inner.ErrorRecord) { $record = $inner.ErrorRecord }
        break
    }
    $id = ([string]$record.FullyQualifiedErrorId -split ',')[0]
    if ($id -ceq 'CommandNotFoundException') {
        return Get-LbStepFailure -Code 'unknown-cmdlet' -Say 'noCmdlet' -With @($Name, $Execution['Host']) -Advise 'noCmdletAdvice'
    }
    $code = 'cmdlet-failed'
    if ($id -ceq 'NamedParameterNotFound') { $code = 'unknown-parameter' }
    elseif ($id -ceq 'AmbiguousParameterSet') { $code = 'ambiguous-parameters' }
    elseif ($id -ceq 'MissingMandatoryParameter') { $code = 'missing-parameter' }
    elseif ($id -ceq 'CannotConvertArgumentNoMessage' -or $id -ceq 'ParameterArgumentTransformationError') { $code = 'wrong-type' }
    $message = [string]$record.Exception.Message
    if ($message.Length -eq 0) { $message = 'It failed without a word.' }
    if ($code -cne 'cmdlet-failed') { $message = $Name + ': ' + $message }
    return Get-LbFailure -Code $code -Message $message
}
