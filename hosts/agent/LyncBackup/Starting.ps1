# How a run begins and ends: the task starts it, a session asks for it.

function Get-LbRequestPath {
    param([string]$Name)
    return Get-LbDataPath -Child ('inbox/' + $Name + '.request')
}

function Get-LbOneOffPath {
    param([string]$Name)
    return Get-LbDataPath -Child ('inbox/' + $Name + '.job')
}

function Invoke-LyncBackupJob {
    <#
    .SYNOPSIS
    Runs a job of this computer, as its scheduled task does.
    .DESCRIPTION
    Interprets the job document of this name, step by step, and leaves a result file behind that is complete or not
    there. One run of a job at a time; a second one is refused. It must run under the account of the job, with a logon
    that can go on to other computers: a remote session cannot.
    .PARAMETER Name
    The name of the job.
    .PARAMETER OneOff
    Takes the document that lies in the inbox, and not one that was installed.
    .EXAMPLE
    Invoke-LyncBackupJob -Name configuration
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Name,
        [switch]$OneOff
    )
    $checked = Get-LbCheckedName -Name $Name
    $lock = Open-LbLock -Job $checked
    if ($null -eq $lock) { throw (Get-LbFailure -Code 'busy' -Message ('{0} is running already.' -f $checked) -Advice 'Wait until it has ended.') }
    try {
        $execution = Get-LbBegun -Name $checked -OneOff $OneOff.IsPresent
        try { Invoke-LbRun -Execution $execution }
        finally { Clear-LbPath -Path (Get-LbDataPath -Child ('inbox/' + $execution['Run']['id'] + '.cancel')) }
        Write-LbEnd -Run $execution['Run']
        return $execution['Run']
    } finally { $lock.Dispose() }
}

# The run as it begins, with its first result file.
function Get-LbBegun {
    param([string]$Name, [bool]$OneOff)
    $path = Get-LbJobPath -Name $Name
    if ($OneOff) { $path = Get-LbOneOffPath -Name $Name }
    $advice = 'Run pulumi up, which puts it right.'
    if (-not (Test-LbFile -Path $path)) { throw (Get-LbFailure -Code 'not-found' -Message ('there is no job {0}.' -f $Name) -Advice $advice) }
    $bytes = Read-LbByte -Path $path
    $job = Read-LbJobIfValid -Text ($script:LbUtf8.GetString($bytes))
    if ($OneOff) { Clear-LbPath -Path $path }
    if ($null -eq $job) { throw (Get-LbRefusal -Message ('the document of {0} is no job document.' -f $Name) -Advice $advice) }
    $computer = Get-LbComputer
    if (-not $OneOff -and -not (Test-LbPlaced -Job $job -Name $Name -Computer $computer['Fqdn'])) {
        throw (Get-LbRefusal -Message ('the document of {0} is that of {1}, or of other hosts.' -f $Name, $job['name']) -Advice $advice)
    }
    Clear-LbDeadRun -Job $Name
    $request = Read-LbRequest -Name $Name
    $now = Get-LbNow
    $run = [ordered]@{
        document = 'run'; version = 1
        id = (Get-LbRunId -At $now -Token $request['token']); job = $Name; jobHash = (Get-LbSha256 -Bytes $bytes); host = $computer['Fqdn']
        account = (Get-LbToken)['Name']; trigger = $request['trigger']; outcome = 'running'; startedAt = $now; beatAt = $now; steps = @(); facts = [ordered]@{}
    }
    $execution = Get-LbExecution -Job $job -Run $run
    $execution['Attended'] = [bool]$request['attended']
    $mark = Get-LbAgentMark
    if ($null -ne $mark) { $execution['ToolVersion'] = $mark['version'] }
    Write-LbRun -Execution $execution
    Add-LbFolder -Path (Get-LbWorkPath -Execution $execution -File '')
    return $execution
}

# Who has asked for this run; nobody has where the scheduler started it. It counts once.
function Read-LbRequest {
    param([string]$Name)
    $none = [ordered]@{ trigger = 'schedule'; token = ''; attended = $false }
    $path = Get-LbRequestPath -Name $Name
    try {
        $text = Read-LbFileIfThere -Path $path
        if ($null -eq $text) { return $none }
        Clear-LbPath -Path $path
        $request = ConvertFrom-LbJson -Text $text
        if (@('schedule', 'command', 'creation', 'after-run') -cnotcontains $request['trigger'] -or $request['token'] -cnotmatch '^[0-9a-f]{8}\z') { return $none }
        return $request
    } catch { return $none }
}

# Its start, then eight digits that keep two hosts apart.
function Get-LbRunId {
    param([string]$At, [string]$Token)
    $digits = $Token
    if ($digits.Length -eq 0) { $digits = [guid]::NewGuid().ToString('n').Substring(0, 8) }
    return $At.Substring(0, 19).Replace('-', '').Replace(':', '') + 'Z-' + $digits
}

# The event log may not know us yet: then the result file is all there is.
function Write-LbEnd {
    param([System.Collections.IDictionary]$Run)
    $text = '{0} on {1}, run {2}: {3}.' -f $Run['job'], $Run['host'], $Run['id'], $Run['outcome']
    $level = 'Information'
    $id = 100
    if (Test-LbFailedRun -Run $Run) {
        $level = 'Error'
        $id = 200
        if ($null -ne $Run['error']) { $text = $text + ' ' + $Run['error']['message'] + ' ' + $Run['error']['advice'] }
    }
    try { Write-LbEvent -Id $id -Level $level -Message ($text.Trim()) } catch { Write-Verbose -Message $_.Exception.Message }
}

function Test-LbFailedRun {
    param([System.Collections.IDictionary]$Run)
    return @('succeeded', 'stood-down', 'nothing-to-do') -cnotcontains $Run['outcome']
}

function Start-LyncBackupRun {
    <#
    .SYNOPSIS
    Has the scheduler start a job now, or a document once, under the account of the job. It does not wait.
    .DESCRIPTION
    Answers with the eight digits in which the name of the run ends. A document that is to run once is handed over in
    the inbox; its task is made for it and removed by Stop-LyncBackupRun or by the next one of its name.
    .PARAMETER Name
    The name of the job.
    .PARAMETER Trigger
    What the result says of why it ran: command, creation or after-run.
    .PARAMETER Document
    The job document that is to run once.
    .PARAMETER Secret
    The password of the account, where it is no managed one.
    .PARAMETER Attended
    Somebody is there to answer what a step asks.
    .EXAMPLE
    Start-LyncBackupRun -Name configuration
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Name,
        [ValidateSet('command', 'creation', 'after-run')]
        [string]$Trigger = 'command',
        [string]$Document = '',
        [string]$Secret = '',
        [switch]$Attended
    )
    $checked = Get-LbCheckedName -Name $Name
    if (-not $PSCmdlet.ShouldProcess($checked, 'start')) { return }
    if ($null -eq (Get-LbAgentMark)) { throw (Get-LbRefusal -Message 'the module is not installed, so no job can run.' -Advice 'Declare a HostAgent for it.') }
    if (Test-LbLocked -Job $checked) { throw (Get-LbFailure -Code 'busy' -Message ('{0} is running already.' -f $checked) -Advice 'Wait until it has ended.') }
    $folder = $script:LbTaskFolder
    if ($Document.Length -gt 0) {
        $folder = $script:LbOneOffFolder
        Register-LbOneOff -Name $checked -Document $Document -Secret $Secret
    } else { Assert-LbStartable -Name $checked }
    return Invoke-LbRequested -Folder $folder -Name $checked -Trigger $Trigger -Attended $Attended.IsPresent
}

# The run that the scheduler starts now finds in the inbox why it runs, and the digits in which its name will end.
function Invoke-LbRequested {
    param([string]$Folder, [string]$Name, [string]$Trigger, [bool]$Attended)
    $token = [guid]::NewGuid().ToString('n').Substring(0, 8)
    $request = [ordered]@{ trigger = $Trigger; token = $token; attended = $Attended }
    Write-LbFile -Path (Get-LbRequestPath -Name $Name) -Text (ConvertTo-LbJson -Value $request -Compact)
    $note = $null
    if ($Folder -ceq $script:LbTaskFolder -and $null -eq (Get-LbTaskNamed -Name $Name)) { $note = Read-LbAgentNote -Name $Name }
    if ($null -eq $note) { Invoke-LbTask -Folder $Folder -Name $Name } else { Invoke-LbAgentJob -Task $note }
    return $token
}

function Register-LbOneOff {
    param([string]$Name, [string]$Document, [string]$Secret)
    $job = Read-LbJobIfValid -Text $Document
    if ($null -eq $job -or $job['name'] -cne $Name) { throw (Get-LbRefusal -Message ('the document of {0} is no job document of this release.' -f $Name) -Advice 'Update the module.') }
    Assert-LbKnown -Account @($job['account'])
    $logon = 'managed'
    if ($Secret.Length -gt 0) { $logon = 'password' }
    Assert-LbLogon -Account $job['account'] -Logon $logon -Secret $Secret
    $task = [ordered]@{ logon = $logon; enabled = $true; triggers = @(); startWhenMissed = $false }
    $xml = Get-LbTaskXml -Job $job -Task $task -Owner $job['owner'] -Action (Get-LbTaskAction -Name $Name -OneOff) -Before $null
    Write-LbFile -Path (Get-LbOneOffPath -Name $Name) -Text $Document
    Register-LbJobTask -Folder $script:LbOneOffFolder -Name $Name -Xml $xml -Account $job['account'] -Secret $Secret
}

# An installed job whose task really starts it.
function Assert-LbStartable {
    param([string]$Name)
    $advice = 'Run pulumi up, which puts it right.'
    if (-not (Test-LbFile -Path (Get-LbJobPath -Name $Name))) { throw (Get-LbFailure -Code 'not-found' -Message ('there is no job {0}.' -f $Name) -Advice $advice) }
    $task = Get-LbTaskNamed -Name $Name
    if ($null -eq $task -and $null -ne (Read-LbAgentNote -Name $Name)) {
        Assert-LbAgentStartable -Name $Name
        return
    }
    if ($null -eq $task) { throw (Get-LbFailure -Code 'not-found' -Message ('there is no task {0}.' -f $Name) -Advice $advice) }
    $state = ConvertTo-LbTaskState -Task $task
    if (-not $state['enabled']) { throw (Get-LbRefusal -Message ('the task of {0} is disabled.' -f $Name) -Advice 'Enable it in its declaration.') }
    $action = Get-LbTaskAction -Name $Name
    if ($state['action']['program'] -cne $action['Program'] -or $state['action']['arguments'] -cne $action['Arguments']) {
        throw (Get-LbRefusal -Message ('the task of {0} does not start the job, but {1}.' -f $Name, $state['action']['program']) -Advice $advice)
    }
    Assert-LbInstalled -Name $Name
}

# The Agent job starts the very command that a task would.
function Assert-LbAgentStartable {
    param([string]$Name)
    $advice = 'Run pulumi up, which puts it right.'
    $found = Get-LbAgentJobState -Name $Name
    if (@($found['rows']['agent-job']).Length -eq 0) {
        throw (Get-LbFailure -Code 'not-found' -Message ('there is no Agent job {0} on {1}.' -f $Name, $found['instance']) -Advice $advice)
    }
    $action = Get-LbTaskAction -Name $Name
    $steps = @($found['rows']['agent-job-commands'])
    if ($steps.Length -eq 0 -or $steps[0]['subsystem'] -cne 'CmdExec' -or $steps[0]['command'] -cne ($action['Program'] + ' ' + $action['Arguments'])) {
        throw (Get-LbRefusal -Message ('the Agent job {0} does not start the job.' -f $Name) -Advice $advice)
    }
    Assert-LbInstalled -Name $Name
}

# A document that is this job's, and for this computer.
function Assert-LbInstalled {
    param([string]$Name)
    $advice = 'Run pulumi up, which puts it right.'
    $job = Read-LbJobIfValid -Text (Read-LbFile -Path (Get-LbJobPath -Name $Name))
    if ($null -eq $job) { throw (Get-LbRefusal -Message ('the document of {0} is no job document.' -f $Name) -Advice $advice) }
    if (-not (Test-LbPlaced -Job $job -Name $Name -Computer (Get-LbComputer)['Fqdn'])) {
        throw (Get-LbRefusal -Message ('the document of {0} is that of {1}, or of other hosts.' -f $Name, $job['name']) -Advice $advice)
    }
}

function Stop-LyncBackupRun {
    <#
    .SYNOPSIS
    Asks a run to end before its next step.
    .DESCRIPTION
    What tidies up is still performed, and the result says that the run was cancelled.
    .PARAMETER Run
    The name of the run.
    .EXAMPLE
    Stop-LyncBackupRun -Run 20260301T020000Z-0a1b2c3d
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Run
    )
    if ($Run -cnotmatch $script:LbRunName) { throw (Get-LbRefusal -Message 'that is no name of a run.' -Advice 'It looks like 20260301T020000Z-0a1b2c3d.') }
    if ($PSCmdlet.ShouldProcess($Run, 'cancel')) { Write-LbFile -Path (Get-LbDataPath -Child ('inbox/' + $Run + '.cancel')) -Text '' }
}
