# Jobs: a document and a task of the scheduler that names it.

$script:LbTaskFolder = '\LyncBackup'
$script:LbOneOffFolder = '\LyncBackup\OneOff'
$script:LbWeekdays = @('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')

function Get-LbJobPath {
    param([string]$Name)
    return Get-LbDataPath -Child ('jobs/' + $Name + '.json')
}

# To be taken as @(...).
function Get-LbJobName {
    foreach ($file in @(Get-LbNameIn -Path (Get-LbDataPath -Child 'jobs'))) {
        if ($file.EndsWith('.json', [System.StringComparison]::Ordinal)) { $file.Substring(0, $file.Length - 5) }
    }
}

# Null: it is no job document of this release.
function Read-LbJobIfValid {
    param([string]$Text)
    try {
        $job = ConvertFrom-LbJson -Text $Text
        if ($job -isnot [System.Collections.IDictionary] -or $job['document'] -cne 'job' -or $job['version'] -ne 1) { return $null }
        if ((Get-LbCheckedName -Name $job['name']) -cne $job['name'] -or (Get-LbCheckedName -Name (Get-LbSeriesName -Job $job)).Length -eq 0) { return $null }
        foreach ($field in @('owner', 'purpose', 'product', 'deployment', 'account', 'timeLimitMinutes')) { if ($null -eq $job[$field]) { return $null } }
        if ($job['steps'] -isnot [array] -or $job['placement'] -isnot [array]) { return $null }
        foreach ($step in $job['steps']) { if ($null -eq $step['id'] -or $null -eq $step['kind'] -or $null -eq $step['title']) { return $null } }
        return $job
    } catch { return $null }
}

function Test-LbPlaced {
    param([System.Collections.IDictionary]$Job, [string]$Name, [string]$Computer)
    if ($Job['name'] -cne $Name) { return $false }
    foreach ($placement in $Job['placement']) { if (Test-LbSameText -One $placement['host'] -Other $Computer) { return $true } }
    return $false
}

# The scheduled task of a job runs this, and nothing else.
function Get-LbTaskAction {
    param([string]$Name, [switch]$OneOff)
    $arguments = '-NoProfile -NonInteractive -ExecutionPolicy RemoteSigned -File "{0}\Start-LyncBackupJob.ps1" -Name {1}' -f (Get-LbPlace -Name 'agent'), $Name
    if ($OneOff) { $arguments += ' -OneOff' }
    return @{ Program = 'powershell.exe'; Arguments = $arguments }
}

function Invoke-LbSetJob {
    param([System.Collections.IDictionary]$Change, [string]$Secret = '')
    $action = $Change['action']
    $name = Get-LbCheckedName -Name $action['name']
    $bytes = [System.Convert]::FromBase64String($action['base64'])
    if ($null -eq (Get-LbAgentMark)) { throw (Get-LbRefusal -Message ('the module is not installed, so {0} could not run.' -f $name) -Advice 'Declare a HostAgent for it.') }
    if ((Get-LbSha256 -Bytes $bytes) -cne $action['sha256']) { throw (Get-LbRefusal -Message ('the document of {0} arrived with another hash than was sent.' -f $name) -Advice 'Try again.') }
    $job = Read-LbJobIfValid -Text ($script:LbUtf8.GetString($bytes))
    if ($null -eq $job) { throw (Get-LbRefusal -Message ('the document of {0} is no job document of this release.' -f $name) -Advice 'Update the module.') }
    if (-not (Test-LbPlaced -Job $job -Name $name -Computer (Get-LbComputer)['Fqdn'])) {
        throw (Get-LbRefusal -Message ('the document of {0} is that of {1}, or of other hosts.' -f $name, $job['name']) -Advice 'Place it here.')
    }
    Assert-LbKnown -Account @($job['account'])
    $byAgent = $action['task']['by'] -ceq 'sql-agent'
    if (-not $byAgent) { Assert-LbLogon -Account $job['account'] -Logon $action['task']['logon'] -Secret $Secret }
    Assert-LbJobOwned -Change $Change -Name $name
    if ($byAgent) {
        Register-LbJobByAgent -Change $Change -Name $name -Bytes $bytes
        return
    }
    $before = Get-LbTaskNamed -Name $name
    $xml = Get-LbTaskXml -Job $job -Task $action['task'] -Owner $Change['owner'] -Action (Get-LbTaskAction -Name $name) -Before $before
    Write-LbByte -Path (Get-LbJobPath -Name $name) -Bytes $bytes
    Write-LbDataAccess
    Write-LbWatch -Name $name -Watch $action['watch']
    Unregister-LbAgentJob -Name $name
    Register-LbJobTask -Folder $script:LbTaskFolder -Name $name -Xml $xml -Account $job['account'] -Secret $Secret
    if ($null -eq $before -and $null -ne $action['startNow'] -and $action['task']['enabled']) {
        [void](Invoke-LbRequested -Folder $script:LbTaskFolder -Name $name -Trigger 'creation' -Attended $false)
    }
}

# In place of a task.
function Register-LbJobByAgent {
    param([System.Collections.IDictionary]$Change, [string]$Name, [byte[]]$Bytes)
    $task = $Change['action']['task']
    $row = Get-LbAgentJobRow -Task $task
    Assert-LbAgentJobOwned -Change $Change -Name $Name -Row $row
    Write-LbByte -Path (Get-LbJobPath -Name $Name) -Bytes $Bytes
    Write-LbDataAccess
    Write-LbWatch -Name $Name -Watch $Change['action']['watch']
    Register-LbAgentJob -Name $Name -Task $task
    Unregister-LbTask -Folder $script:LbTaskFolder -Name $Name
    if ($null -eq $row -and $null -ne $Change['action']['startNow']) {
        [void](Invoke-LbRequested -Folder $script:LbTaskFolder -Name $Name -Trigger 'creation' -Attended $false)
    }
}

function Assert-LbLogon {
    param([string]$Account, [string]$Logon, [string]$Secret)
    if ($Logon -ceq 'password') {
        if ($Secret.Length -gt 0) { return }
        throw (Get-LbRefusal -Message ('{0} logs on with a password, and none was given.' -f $Account) -Advice 'Give it once, or declare a group-managed service account.')
    }
    if ((Test-LbManagedAccount -Account $Account) -ne $false) { return }
    throw (Get-LbRefusal -Message ('{0} is not installed on this computer as a managed account.' -f $Account) -Advice (
            'Run Install-ADServiceAccount there, or declare an account that is installed.'))
}

# What the scheduler says is turned into what to do.
function Register-LbJobTask {
    param([string]$Folder, [string]$Name, [string]$Xml, [string]$Account, [string]$Secret)
    try { Register-LbTask -Folder $Folder -Name $Name -Xml $Xml -Account $Account -Secret $Secret }
    catch {
        $cause = Get-LbCause -Exception $_.Exception
        $code = '0x{0:X8}' -f $cause.HResult
        $why = 'Task Scheduler refused the task of {0} ({1}): {2}' -f $Name, $code, $cause.Message.Trim()
        $advice = 'Look at the account and its rights on this computer.'
        if ($code -ceq '0x8007052E') { $advice = 'The account could not log on: give its password again, or run Install-ADServiceAccount for it here.' }
        elseif ($code -ceq '0x80070569') { $advice = 'Grant the account the right "Log on as a batch job" on this computer.' }
        elseif ($code -ceq '0x80070520') {
            $advice = 'The policy "Network access: Do not allow storage of passwords and credentials" forbids stored passwords here: declare a group-managed service account.'
        } elseif ($code -ceq '0x80070005') { $advice = 'Whoever installs tasks must be an administrator of this computer.' }
        throw (Get-LbRefusal -Message $why -Advice $advice)
    }
}

# Null: there is none.
function Get-LbTaskNamed {
    param([string]$Name)
    foreach ($task in @(Get-LbTask -Folder $script:LbTaskFolder)) { if (Test-LbSameText -One $task['Name'] -Other $Name) { return $task } }
    return $null
}

# A job is a document and a task: what one of them says of its owner, the other need not.
function Assert-LbJobOwned {
    param([System.Collections.IDictionary]$Change, [string]$Name)
    $text = Read-LbFileIfThere -Path (Get-LbJobPath -Name $Name)
    $task = Get-LbTaskNamed -Name $Name
    if ($null -eq $text -and $null -eq $task) { return }
    $owner = $null
    $marked = $null
    if ($null -ne $text) {
        $job = Read-LbJobIfValid -Text $text
        if ($null -ne $job) { $owner = $job['owner'] }
    }
    if ($null -ne $task) { $marked = Get-LbTaskOwner -Xml $task['Xml'] }
    if ($null -eq $owner) { $owner = $marked }
    Assert-LbOwned -Change $Change -What ('the job ' + $Name) -Found $owner
    if ($null -ne $marked) { Assert-LbOwned -Change $Change -What ('the task ' + $Name) -Found $marked }
}

function Invoke-LbRemoveJob {
    param([System.Collections.IDictionary]$Change)
    $name = Get-LbCheckedName -Name $Change['action']['name']
    Assert-LbJobOwned -Change $Change -Name $name
    if (Test-LbLocked -Job $name) {
        $run = @(Get-LbRunName -Job $name | Select-Object -First 1)
        throw (Get-LbFailure -Code 'busy' -Message ('the run {0} of {1} has not ended.' -f [string]::Join('', [string[]]$run), $name) -Advice 'Wait for it, or cancel it.')
    }
    # Neither sets nor result files: what was done stays known.
    Unregister-LbTask -Folder $script:LbTaskFolder -Name $name
    Unregister-LbAgentJob -Name $name
    Write-LbWatch -Name $name -Watch $null
    Clear-LbPath -Path (Get-LbJobPath -Name $name)
}

function Set-LyncBackupJob {
    <#
    .SYNOPSIS
    Makes a job on this computer: its document and its scheduled task.
    .DESCRIPTION
    It can be repeated. What belongs to somebody else is refused, unless the change says adopt.
    .PARAMETER Json
    The change document, with an action of the kind set-job.
    .EXAMPLE
    Set-LyncBackupJob -Json (Get-Content -LiteralPath change.json -Raw)
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Json
    )
    if ($PSCmdlet.ShouldProcess('the job', 'make')) { Invoke-LbSetJob -Change (ConvertFrom-LbChange -Json $Json -Kind 'set-job') }
}

function Remove-LyncBackupJob {
    <#
    .SYNOPSIS
    Removes a job from this computer: its document and its task. Sets and results stay.
    .DESCRIPTION
    It refuses while a run of the job has not ended.
    .PARAMETER Json
    The change document, with an action of the kind remove-job.
    .EXAMPLE
    Remove-LyncBackupJob -Json (Get-Content -LiteralPath change.json -Raw)
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Json
    )
    if ($PSCmdlet.ShouldProcess('the job', 'remove')) { Invoke-LbRemoveJob -Change (ConvertFrom-LbChange -Json $Json -Kind 'remove-job') }
}
