# Jobs that SQL Server Agent starts: a note of each says where it is, and has the constant statements that ask for it.

function Get-LbAgentNotePath {
    param([string]$Name)
    return Get-LbDataPath -Child ('agent-jobs/' + $Name + '.json')
}

# Null: it is started otherwise, or there is none.
function Read-LbAgentNote {
    param([string]$Name)
    $text = Read-LbFileIfThere -Path (Get-LbAgentNotePath -Name $Name)
    if ($null -eq $text) { return $null }
    return ConvertFrom-LbJson -Text $text
}

# Null: another scheduler starts it. What cannot be asked throws.
function Get-LbAgentJobState {
    param([string]$Name)
    $note = Read-LbAgentNote -Name $Name
    if ($null -eq $note) { return $null }
    return Get-LbInstanceAnswer -Instance $note['instance'] -Call $note['read']
}

# Null: nothing is to be asked with the job.
function Get-LbWatched {
    param([string]$Name)
    $text = Read-LbFileIfThere -Path (Get-LbWatchPath -Name $Name)
    if ($null -eq $text) { return $null }
    $watch = ConvertFrom-LbJson -Text $text
    return Get-LbInstanceAnswer -Instance $watch['instance'] -Call $watch['calls']
}

function Get-LbWatchPath {
    param([string]$Name)
    return Get-LbDataPath -Child ('watches/' + $Name + '.json')
}

# Null: it goes.
function Write-LbWatch {
    param([string]$Name, $Watch)
    $path = Get-LbWatchPath -Name $Name
    if ($null -eq $Watch) { Clear-LbPath -Path $path } else { Write-LbFile -Path $path -Text (ConvertTo-LbJson -Value $Watch) }
}

function Get-LbInstanceAnswer {
    param([string]$Instance, [object[]]$Call)
    $rows = Get-LbEmptyMap
    foreach ($one in $Call) { $rows[$one['statement']] = @(Invoke-LbInstanceCall -Instance $Instance -Call $one) }
    return [ordered]@{ instance = $Instance; rows = $rows }
}

# The row of the Agent job; null: there is none.
function Get-LbAgentJobRow {
    param([System.Collections.IDictionary]$Task)
    foreach ($row in @(Invoke-LbInstanceCall -Instance $Task['instance'] -Call $Task['read'][0])) { return $row }
    return $null
}

# What the host has a note of is ours, whatever a colleague has written into its description.
function Assert-LbAgentJobOwned {
    param([System.Collections.IDictionary]$Change, [string]$Name, $Row)
    if ($null -eq $Row) { return }
    $task = $Change['action']['task']
    $owner = ConvertFrom-LbMark -Text ([string]$Row['description'])
    if ($null -eq $owner) {
        $note = Read-LbAgentNote -Name $Name
        if ($null -ne $note -and $note['instance'] -ceq $task['instance']) { return }
    }
    Assert-LbOwned -Change $Change -What ('the job {0} of SQL Server Agent on {1}' -f $Name, $task['instance']) -Found $owner
}

# The note comes first: what a crash leaves half made is found by it.
function Register-LbAgentJob {
    param([string]$Name, [System.Collections.IDictionary]$Task)
    $before = Read-LbAgentNote -Name $Name
    if ($null -ne $before -and $before['instance'] -cne $Task['instance']) {
        foreach ($call in $before['remove']) { [void]@(Invoke-LbInstanceCall -Instance $before['instance'] -Call $call) }
    }
    Write-LbFile -Path (Get-LbAgentNotePath -Name $Name) -Text (ConvertTo-LbJson -Value $Task)
    foreach ($call in $Task['make']) { [void]@(Invoke-LbInstanceCall -Instance $Task['instance'] -Call $call) }
}

function Unregister-LbAgentJob {
    param([string]$Name)
    $note = Read-LbAgentNote -Name $Name
    if ($null -eq $note) { return }
    foreach ($call in $note['remove']) { [void]@(Invoke-LbInstanceCall -Instance $note['instance'] -Call $call) }
    Clear-LbPath -Path (Get-LbAgentNotePath -Name $Name)
}

function Invoke-LbAgentJob {
    param([System.Collections.IDictionary]$Task)
    [void]@(Invoke-LbInstanceCall -Instance $Task['instance'] -Call $Task['start'])
}

# To be taken as @(...).
function Invoke-LbInstanceCall {
    param([string]$Instance, [System.Collections.IDictionary]$Call)
    try {
        $rows = @(Invoke-LbSqlBatch -Instance $Instance -Database 'master' -Statement $Call['statement'] -Text $Call['text'] -Parameters $Call['parameters'] -Execution $null)
    } catch {
        $message = (ConvertTo-LbFailure -ErrorRecord $_)['message']
        throw (Get-LbRefusal -Message ('{0} has refused {1}: {2}' -f $Instance, $Call['statement'], $message) -Advice (
                'Look whether the instance runs, and whether who installs jobs is a member of sysadmin there.'))
    }
    foreach ($row in $rows) {
        $item = Get-LbEmptyMap
        foreach ($name in $Call['select']) { $item[$name] = $row[$name] }
        $item
    }
}
