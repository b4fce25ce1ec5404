# One call, one line: base64 of JSON comes in, base64 of an envelope goes out between two marks. Nothing else on the
# wire means anything, and no data ever becomes the text of a command.

function Invoke-LyncBackupCall {
    <#
    .SYNOPSIS
    Answers one call of lync-backup. It is not meant for people.
    .DESCRIPTION
    The call names what is to be done and carries what that needs; the answer is an envelope, whatever happens.
    .PARAMETER Call
    The call: base64 of the UTF-8 text of a JSON object.
    .PARAMETER AsText
    Answers with a text instead of writing it: through WinRM nobody reads what a process writes.
    .EXAMPLE
    Invoke-LyncBackupCall -Call eyJjYWxsIjoiMSIsImRvIjoic3RhdGUifQ==
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Call,
        [switch]$AsText
    )
    $line = Get-LbAnswerLine -Call $Call
    if ($AsText) { return $line }
    # Past the formatting of PowerShell, which would break long lines.
    [System.Console]::Out.WriteLine($line)
    [System.Console]::Out.Flush()
}

function Get-LbAnswerLine {
    param([string]$Call)
    $id = '-'
    $computer = 'unknown.invalid'
    try {
        $request = ConvertFrom-LbJson -Text ($script:LbUtf8.GetString([System.Convert]::FromBase64String($Call)))
        $id = [string]$request['call']
        $computer = (Get-LbComputer)['Fqdn']
        $answer = Invoke-LbCall -Do $request['do'] -With $request['with']
        $envelope = [ordered]@{ document = 'envelope'; version = 1; call = $id; host = $computer; ok = $true; data = $answer }
    } catch {
        $envelope = [ordered]@{ document = 'envelope'; version = 1; call = $id; host = $computer; ok = $false; error = (ConvertTo-LbFailure -ErrorRecord $_) }
    }
    $text = [System.Convert]::ToBase64String($script:LbUtf8.GetBytes((ConvertTo-LbJson -Value $envelope -Compact)))
    return '<<lync-backup:' + $id + ':' + $text + '>>'
}

function Invoke-LbCall {
    param([string]$Do, [System.Collections.IDictionary]$With)
    switch -CaseSensitive ($Do) {
        'state' { return Get-LbState }
        'apply' { return Invoke-LbApply -Change $With['change'] -Secret ([string]$With['secret']) }
        'begin' { return Invoke-LbBegin -With $With }
        'look' { return Get-LbLooked -Name (Get-LbCheckedName -Name $With['job']) -Token $With['token'] }
        'cancel' { Stop-LyncBackupRun -Run $With['run'] -Confirm:$false; return [ordered]@{} }
        'answer' { return Write-LbAnswer -With $With }
        'results' { return , @(Get-LbRunFound -Job (Get-LbCheckedName -Name $With['job']) -Last $With['last']) }
    }
    throw (Get-LbRefusal -Message ('it knows no call {0}.' -f $Do) -Advice 'Update lync-backup on this desk.')
}

# One change, and the state after it.
function Invoke-LbApply {
    param([System.Collections.IDictionary]$Change, [string]$Secret)
    switch -CaseSensitive ([string]$Change['action']['kind']) {
        'set-agent' { Invoke-LbSetAgent -Change $Change; return Get-LbState }
        'remove-agent' { Invoke-LbRemoveAgent -Change $Change; return Get-LbState }
        'set-job' { Invoke-LbSetJob -Change $Change -Secret $Secret; return Get-LbState }
        'remove-job' { Invoke-LbRemoveJob -Change $Change; return Get-LbState }
        'set-target' { Invoke-LbSetTarget -Change $Change; return Get-LbState }
        'remove-target' { Invoke-LbRemoveTarget -Change $Change; return Get-LbState }
        'accept-size' { Invoke-LbAcceptSize -Change $Change; return Get-LbState }
    }
    throw (Get-LbRefusal -Message 'it knows no change of this kind.' -Advice 'Update lync-backup on this desk.')
}

function Invoke-LbBegin {
    param([System.Collections.IDictionary]$With)
    $token = Start-LyncBackupRun -Name $With['job'] -Trigger $With['trigger'] -Document ([string]$With['document']) -Secret ([string]$With['secret']) -Attended:([bool]$With['attended']) -Confirm:$false
    return [ordered]@{ token = $token }
}

# The run whose name ends in these digits, and whether a process is in it; without a run, whether one may still come.
function Get-LbLooked {
    param([string]$Name, [string]$Token)
    $live = Test-LbLocked -Job $Name
    foreach ($run in @(Get-LbRunName -Job $Name)) {
        if (-not $run.EndsWith('-' + $Token, [System.StringComparison]::Ordinal)) { continue }
        $found = Convert-LbInterrupted -Run (Read-LbRun -Job $Name -Run $run) -Live $live
        if (-not $live) { Unregister-LbTask -Folder $script:LbOneOffFolder -Name $Name }
        return [ordered]@{ run = $found; live = $live }
    }
    $result = $null
    foreach ($folder in @($script:LbTaskFolder, $script:LbOneOffFolder)) {
        foreach ($task in @(Get-LbTask -Folder $folder)) { if ($task['Name'] -ceq $Name) { $result = (ConvertTo-LbTaskState -Task $task)['lastResult'] } }
    }
    return [ordered]@{ run = $null; live = $live; waiting = (Test-LbFile -Path (Get-LbRequestPath -Name $Name)); lastResult = $result }
}

function Write-LbAnswer {
    param([System.Collections.IDictionary]$With)
    if ($With['run'] -cnotmatch $script:LbRunName) { throw (Get-LbRefusal -Message 'that is no name of a run.' -Advice 'It looks like 20260301T020000Z-0a1b2c3d.') }
    $file = 'inbox/' + $With['run'] + '.' + (Get-LbCheckedName -Name $With['step']) + '.answer'
    $answer = [ordered]@{ by = $With['by']; typed = $With['typed']; at = (Get-LbNow) }
    Write-LbFile -Path (Get-LbDataPath -Child $file) -Text (ConvertTo-LbJson -Value $answer -Compact)
    return [ordered]@{}
}
