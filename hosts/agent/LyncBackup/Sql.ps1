# Constant statements with parameters. Where the grammar takes no variable, a name is quoted here, and nowhere else.

function Invoke-LbSqlStep {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $statement = $Step['statement']
    $instance = Resolve-LbTextValue -Execution $Execution -Value $Step['instance']
    $artefacts = @(Get-LbDeclared -Execution $Execution -Step $Step)
    try { $items = @(Invoke-LbSqlCall -Execution $Execution -Call $Step) }
    catch { throw (Add-LbUnverified -Execution $Execution -Step $Step -ErrorRecord $_) }
    $data = Complete-LbCall -Execution $Execution -Step $Step -Item $items -By $statement
    if ($null -eq $Step['saveAs']) { $data['items'] = $items }
    Add-LbMade -Execution $Execution -Step $Step -Artefact $artefacts -Data $data -By $statement
    $message = Get-LbMessage -Name 'executedSql' -With @($instance, $statement)
    if ($items.Length -gt 0) { $message = Get-LbMessage -Name 'executedSqlRows' -With @($instance, $statement, $items.Length) }
    return Get-LbDone -Message $message -Data $data
}

# The rows, each with the columns that were asked for. To be taken as @(...).
function Invoke-LbSqlCall {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Call)
    $database = Get-LbField -From $Call -Name 'database' -Default 'master'
    $rows = @(Invoke-LbSqlBatch -Instance (Resolve-LbTextValue -Execution $Execution -Value $Call['instance']) `
            -Database (Resolve-LbTextValue -Execution $Execution -Value $database) -Statement $Call['statement'] `
            -Text (ConvertTo-LbStatement -Text $Call['text'] -Identifiers (Resolve-LbMap -Execution $Execution -Map $Call['identifiers'])) `
            -Parameters (Resolve-LbMap -Execution $Execution -Map $Call['parameters']) -Execution $Execution)
    $select = Get-LbField -From $Call -Name 'select' -Default @()
    foreach ($row in $rows) {
        $item = Get-LbEmptyMap
        foreach ($name in $select) { $item[$name] = $row[$name] }
        $item
    }
}

# The text is read once: what an identifier brings along is not looked at again.
function ConvertTo-LbStatement {
    param([string]$Text, [System.Collections.IDictionary]$Identifiers)
    $sent = New-Object -TypeName System.Text.StringBuilder
    $at = 0
    foreach ($match in [regex]::Matches($Text, '\{([a-z]+)\}')) {
        $name = $match.Groups[1].Value
        if (-not $Identifiers.Contains($name)) {
            throw (Get-LbFailure -Code 'invalid-document' -Message ('The statement needs the identifier {0}.' -f $name))
        }
        [void]$sent.Append($Text.Substring($at, $match.Index - $at))
        [void]$sent.Append((ConvertTo-LbIdentifier -Name (Get-LbText -Value $Identifiers[$name])))
        $at = $match.Index + $match.Length
    }
    return $sent.Append($Text.Substring($at)).ToString()
}

function ConvertTo-LbIdentifier {
    param([string]$Name)
    if ($Name.Length -eq 0 -or $Name.Length -gt 128 -or $Name.IndexOf([char]0) -ge 0) {
        throw (Get-LbFailure -Code 'invalid-document' -Message 'An identifier of SQL Server has 1 to 128 characters, and none of them is NUL.')
    }
    return '[' + $Name.Replace(']', ']]') + ']'
}

# What a statement that verifies has found bad is sealed as what is not good.
function Add-LbUnverified {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step, [System.Management.Automation.ErrorRecord]$ErrorRecord)
    $failure = ConvertTo-LbFailure -ErrorRecord $ErrorRecord
    $code = [string]$failure['code']
    if ($code -ceq 'internal') { $code = 'sql-failed' }
    $advice = [string]$failure['advice']
    foreach ($file in (Get-LbField -From $Step -Name 'verifies' -Default @())) {
        $name = $file['$set']
        if ($null -eq $name) { $name = $file['$work'] }
        $path = Resolve-LbFileName -Execution $Execution -Name $name
        $Execution['Unverified'][$path] = $failure['message']
    }
    return Get-LbFailure -Code $code -Message $failure['message'] -Advice $advice
}
