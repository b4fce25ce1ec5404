# A run goes through the steps in order; the first failure, a guard or a cancellation ends it, and then only steps that
# tidy up are still performed.

# What belongs to a set: not for a run in which something has failed, however much went well after it.
$script:LbKeeping = @('publish', 'seal', 'retain', 'courier')

function Invoke-LbStep {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    switch -CaseSensitive ([string]$Step['kind']) {
        'guard' { return Invoke-LbGuard -Execution $Execution -Step $Step }
        'cmdlet' { return Invoke-LbCmdletStep -Execution $Execution -Step $Step }
        'sql' { return Invoke-LbSqlStep -Execution $Execution -Step $Step }
        'chain' { return Invoke-LbChain -Execution $Execution -Step $Step }
        'robocopy' { return Invoke-LbRobocopyStep -Execution $Execution -Step $Step }
        'inventory' { return Invoke-LbInventory -Execution $Execution -Step $Step }
        'check' { return Invoke-LbCheck -Execution $Execution -Step $Step }
        'hash' { return Invoke-LbHash -Execution $Execution -Step $Step }
        'publish' { return Invoke-LbPublish -Execution $Execution -Step $Step }
        'seal' { return Invoke-LbSeal -Execution $Execution -Step $Step }
        'retain' { return Invoke-LbRetain -Execution $Execution -Step $Step }
        'service' { return Invoke-LbServiceStep -Execution $Execution -Step $Step }
        'wait' { return Invoke-LbWait -Execution $Execution -Step $Step }
        'confirm' { return Invoke-LbConfirm -Execution $Execution -Step $Step }
        'observe' { return Invoke-LbObserve -Execution $Execution -Step $Step }
        'assemble' { return Invoke-LbAssemble -Execution $Execution -Step $Step }
        'verify' { return Invoke-LbVerify -Execution $Execution -Step $Step }
        'courier' { return Invoke-LbCourierStep -Execution $Execution -Step $Step }
    }
    throw (Get-LbStepFailure -Code 'unknown-step' -Say 'unknownKind' -With @($Step['kind']) -Advise 'unknownKindAdvice')
}

# The whole run, to its end; the result file is complete when it answers.
function Invoke-LbRun {
    param([hashtable]$Execution)
    $run = $Execution['Run']
    foreach ($step in $Execution['Job']['steps']) {
        if (Test-LbCancelled -Execution $Execution) { Add-LbOutcome -Run $run -Outcome 'cancelled' -Failure (Get-LbCancelled -Before $step['title']) }
        $always = (Get-LbField -From $step -Name 'runs' -Default 'on-success') -ceq 'always'
        if ($run['outcome'] -cne 'running' -and -not $always) { continue }
        $result = Get-LbStepResult -Execution $Execution -Step $step
        $run['steps'] = @($run['steps']) + @($result)
        $data = Get-LbEmptyMap
        foreach ($entry in $result['data'].GetEnumerator()) { $data[[string]$entry.Key] = $entry.Value }
        if ($null -ne $result['each']) { $data['each'] = $result['each'] }
        $Execution['Results'][$step['id']] = $data
        Complete-LbStep -Execution $Execution -Step $step -Result $result
        Write-LbRun -Execution $Execution
    }
    # Neither a good end nor a guard's makes up for what has failed before it.
    if ($Execution['Noted'].Count + $Execution['Kept'].Count -gt 0 -and $run['outcome'] -cne 'cancelled') { $run['outcome'] = 'failed' }
    elseif ($run['outcome'] -ceq 'running') { $run['outcome'] = 'succeeded' }
    $Execution['StepBegan'] = $null
    # What cannot be removed now, the next run removes.
    try { Clear-LbUnsealed -Execution $Execution } catch { Write-Verbose -Message $_.Exception.Message }
    Resolve-LbReturn -Execution $Execution
    Close-LbRunspace -Execution $Execution
    Write-LbRun -Execution $Execution -Ended
}

# What a one-off job hands back; what was not found is not handed back.
function Resolve-LbReturn {
    param([hashtable]$Execution)
    $returns = $Execution['Job']['returns']
    if ($null -eq $returns) { return }
    $facts = Get-LbEmptyMap
    foreach ($entry in $returns.GetEnumerator()) {
        try { $facts[[string]$entry.Key] = Resolve-LbValue -Execution $Execution -Value $entry.Value }
        catch { Write-Verbose -Message $_.Exception.Message }
    }
    $Execution['Run']['facts'] = $facts
}

function Get-LbCancelled {
    param([string]$Before)
    return [ordered]@{ code = 'cancelled'; message = (Get-LbMessage -Name 'cancelled' -With @($Before)) }
}

# Somebody has laid a note beside the run.
function Test-LbCancelled {
    param([hashtable]$Execution)
    return Test-LbFile -Path (Get-LbDataPath -Child ('inbox/' + $Execution['Run']['id'] + '.cancel'))
}

# The first end counts; only a failure makes a good end a bad one.
function Add-LbOutcome {
    param([System.Collections.IDictionary]$Run, [string]$Outcome, $Failure)
    if ($Run['outcome'] -ceq 'failed' -or $Run['outcome'] -ceq 'cancelled') { return }
    if ($Run['outcome'] -cne 'running' -and $Outcome -cne 'failed') { return }
    $Run['outcome'] = $Outcome
    if ($null -ne $Failure) { $Run['error'] = $Failure }
}

function Complete-LbStep {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step, [System.Collections.IDictionary]$Result)
    $run = $Execution['Run']
    $failure = $Result['error']
    if ($Result['outcome'] -ceq 'stood-down' -or $Result['outcome'] -ceq 'nothing-to-do') { Add-LbOutcome -Run $run -Outcome $Result['outcome'] }
    if ($Result['outcome'] -cne 'failed') { return }
    $onFailure = Get-LbField -From $Step -Name 'onFailure' -Default 'stop'
    if ($null -ne $failure -and $failure['code'] -ceq 'cancelled') { Add-LbOutcome -Run $run -Outcome 'cancelled' -Failure $failure }
    elseif ($onFailure -ceq 'stop') { Add-LbOutcome -Run $run -Outcome 'failed' -Failure $failure }
    else {
        if ($onFailure -ceq 'keep') { [void]$Execution['Kept'].Add($Result['message']) } else { [void]$Execution['Noted'].Add($Result['message']) }
        if ($null -eq $run['error']) { $run['error'] = $failure }
    }
}

function Get-LbStepResult {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $Execution['Step'] = $Step
    $Execution['StepBegan'] = Get-LbUtcNow
    $startedAt = ConvertTo-LbInstant -At $Execution['StepBegan']
    $Execution['Answer'] = $null
    $found = Get-LbOutcome -Execution $Execution -Step $Step
    $now = Get-LbUtcNow
    if ($found['outcome'] -cne 'failed') {
        $late = Get-LbOverdue -Execution $Execution -Now $now
        if ($null -ne $late) {
            $found['outcome'] = 'failed'
            $found['message'] = $late.Message
            $found['error'] = [ordered]@{ code = 'timed-out'; message = $late.Message; advice = [string]$late.Data['LbAdvice'] }
        }
    }
    $result = [ordered]@{
        id = $Step['id']; kind = $Step['kind']; outcome = $found['outcome']; startedAt = $startedAt; finishedAt = (ConvertTo-LbInstant -At $now)
        message = $found['message']; data = $found['data']
    }
    if ($null -ne $found['each']) { $result['each'] = $found['each'] }
    if ($null -ne $Execution['Answer']) { $result['answer'] = $Execution['Answer'] }
    if ($null -ne $found['error']) { $result['error'] = $found['error'] }
    return $result
}

# Some messages are whole sentences.
function Join-LbFailure {
    param([string[]]$Failures)
    $said = foreach ($failure in $Failures) { $failure.TrimEnd('.') }
    return [string]::Join('; ', [string[]]@($said))
}

# Outcome, message, data, and perhaps each and error.
function Get-LbOutcome {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    try {
        if ($script:LbKeeping -ccontains $Step['kind'] -and $Execution['Noted'].Count -gt 0) {
            throw (Get-LbStepFailure -Code 'failed-before' -Say 'notedBefore' -With @(Join-LbFailure -Failures $Execution['Noted']))
        }
        if ($Step['kind'] -ceq 'retain' -and $Execution['Kept'].Count -gt 0) {
            $message = Get-LbMessage -Name 'keptBefore' -With @(Join-LbFailure -Failures $Execution['Kept'])
            return [ordered]@{ outcome = 'skipped'; message = $message; data = [ordered]@{} }
        }
        if ($null -ne $Execution['Job']['target'] -and $null -eq $Execution['Last'] -and (Test-LbNeedsLast -Step $Step)) {
            $Execution['Last'] = Read-LbLast -Execution $Execution
        }
        if ($null -eq $Step['forEach']) { return Get-LbOnce -Execution $Execution -Step $Step }
        return Get-LbEach -Execution $Execution -Step $Step
    } catch { return Get-LbFailed -ErrorRecord $_ }
}

function Get-LbFailed {
    param([System.Management.Automation.ErrorRecord]$ErrorRecord)
    $failure = ConvertTo-LbFailure -ErrorRecord $ErrorRecord
    $data = [ordered]@{}
    # What the step leaves although it failed, for whoever decides what to do next.
    $cause = Get-LbCause -Exception $ErrorRecord.Exception
    if ($cause.Data.Contains('LbStepData')) { $data = ConvertFrom-LbJson -Text ([string]$cause.Data['LbStepData']) }
    return [ordered]@{ outcome = 'failed'; message = $failure['message']; data = $data; error = $failure }
}

function Test-LbNeedsLast {
    param([System.Collections.IDictionary]$Step)
    if (@('check', 'chain', 'inventory') -ccontains $Step['kind']) { return $true }
    return (ConvertTo-LbJson -Value $Step -Compact) -cmatch '"\$ref":"last[."]'
}

function Get-LbOnce {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $when = $Step['when']
    if ($null -ne $when -and -not (Test-LbCondition -Execution $Execution -Condition $when)) {
        return [ordered]@{ outcome = 'skipped'; message = (Get-LbMessage -Name 'skipped' -With @($Step['title'])); data = [ordered]@{} }
    }
    $done = Invoke-LbStep -Execution $Execution -Step $Step
    return [ordered]@{ outcome = $done['Outcome']; message = $done['Message']; data = $done['Data'] }
}

function Get-LbItem {
    param([hashtable]$Execution, $ForEach)
    if ($ForEach -is [array]) { return , $ForEach }
    $found = Resolve-LbReference -Execution $Execution -Reference $ForEach['$ref']
    if ($null -eq $found) { throw (Get-LbStepFailure -Code 'empty-reference' -Say 'emptyReference' -With @($ForEach['$ref'])) }
    return , (Get-LbList -Found $found)
}

# Item by item; a failure ends it, unless failures are only noted.
function Get-LbEach {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $items = Get-LbItem -Execution $Execution -ForEach $Step['forEach']
    $onFailure = Get-LbField -From $Step -Name 'onFailure' -Default 'stop'
    $each = New-Object -TypeName System.Collections.ArrayList
    foreach ($item in $items) {
        if ($Step['runs'] -cne 'always' -and (Test-LbCancelled -Execution $Execution)) {
            $failure = Get-LbCancelled -Before (Get-LbText -Value $item)
            [void]$each.Add([ordered]@{ item = $item; outcome = 'failed'; message = $failure['message']; data = [ordered]@{}; error = $failure })
            break
        }
        $Execution['CurrentItem'] = $item
        try { $outcome = Get-LbOnce -Execution $Execution -Step $Step } catch { $outcome = Get-LbFailed -ErrorRecord $_ }
        $one = [ordered]@{ item = $item }
        foreach ($entry in $outcome.GetEnumerator()) { $one[[string]$entry.Key] = $entry.Value }
        [void]$each.Add($one)
        if ($one['outcome'] -ceq 'failed' -and $onFailure -ceq 'stop') { break }
        if ($one['outcome'] -ceq 'stood-down' -or $one['outcome'] -ceq 'nothing-to-do') { break }
    }
    $Execution['CurrentItem'] = $null
    return Get-LbEachOutcome -Step $Step -Each ($each.ToArray()) -Count $items.Length
}

function Get-LbEachOutcome {
    param([System.Collections.IDictionary]$Step, [object[]]$Each, [int]$Count)
    $ok = 0
    $ended = $null
    foreach ($one in $Each) {
        if ($one['outcome'] -ceq 'ok') { $ok++ }
        elseif ($null -eq $ended -and $one['outcome'] -cne 'skipped') { $ended = $one }
    }
    $outcome = 'ok'
    if ($Count -gt 0 -and $ok -eq 0) { $outcome = 'skipped' }
    $result = [ordered]@{ outcome = $outcome; message = (Get-LbMessage -Name 'forEach' -With @($Step['title'], $ok, $Count)); data = [ordered]@{}; each = $Each }
    if ($null -eq $ended) { return $result }
    $result['outcome'] = $ended['outcome']
    $result['message'] = $ended['message']
    if ($null -ne $ended['error']) { $result['error'] = $ended['error'] }
    return $result
}
