# The kinds that change what runs, that wait, and that ask a person.

# On all computers at the same time. What one of them refuses keeps no other from it.
function Invoke-LbServiceStep {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $cmdlet = 'Stop-CsWindowsService'
    if ($Step['action'] -ceq 'start') { $cmdlet = 'Start-CsWindowsService' }
    # They are only asked at first, so that all are at it together; then each is waited for.
    [void]@(Invoke-LbEachService -Execution $Execution -Step $Step -Cmdlet $cmdlet -NoWait)
    $failures = @(Invoke-LbEachService -Execution $Execution -Step $Step -Cmdlet $cmdlet)
    if ($failures.Length -gt 0) {
        $texts = [string[]]@(foreach ($one in $failures) { $one['message'] })
        throw (Get-LbFailure -Code $failures[0]['code'] -Message ([string]::Join(' ', $texts)) -Advice ([string]$failures[0]['advice']))
    }
    $message = Get-LbMessage -Name 'servicesDone' -With @($Step['title'], $Step['computers'].Length)
    return Get-LbDone -Message $message -Data ([ordered]@{ computers = $Step['computers'] })
}

# The failures. To be taken as @(...).
function Invoke-LbEachService {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step, [string]$Cmdlet, [switch]$NoWait)
    $services = Get-LbField -From $Step -Name 'services' -Default @()
    if ($services.Length -eq 0) { $services = @('') }
    foreach ($computer in $Step['computers']) {
        foreach ($service in $services) {
            $parameters = [ordered]@{ ComputerName = $computer }
            if ($service.Length -gt 0) { $parameters['Name'] = $service }
            if ($NoWait) { $parameters['NoWait'] = $true }
            try { [void]@(Invoke-LbCommand -Execution $Execution -Name $Cmdlet -Parameters $parameters) }
            catch {
                $failure = ConvertTo-LbFailure -ErrorRecord $_
                if ($failure['code'] -ceq 'timed-out') { throw }
                $failure
            }
        }
    }
}

# Waits, with signs of life; a time limit ends it.
function Wait-LbSecond {
    param([hashtable]$Execution, [int]$Seconds)
    for ($second = 0; $second -lt $Seconds; $second++) {
        Invoke-LbSleep -Milliseconds 1000
        Write-LbBeat -Execution $Execution
    }
}

# What will fail the next time as well.
$script:LbMistakes = @('unknown-cmdlet', 'unknown-parameter', 'ambiguous-parameters', 'missing-parameter', 'wrong-type', 'timed-out')

# A look that fails is as good as one that finds nothing: what is waited for may not be there yet.
function Invoke-LbWait {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    Wait-LbSecond -Execution $Execution -Seconds (Get-LbField -From $Step -Name 'seconds' -Default 0)
    $until = $Step['until']
    $every = Get-LbField -From $Step -Name 'everySeconds' -Default 15
    for ($looks = 0; ; ) {
        $items = @()
        if ($null -ne $Step['look']) {
            $looks++
            $items = @(Get-LbLook -Execution $Execution -Look $Step['look'])
        }
        $data = [ordered]@{ items = $items; looks = $looks }
        $Execution['Results'][$Step['id']] = $data
        if ($null -eq $until -or (Test-LbCondition -Execution $Execution -Condition $until)) {
            return Get-LbDone -Message (Get-LbMessage -Name 'waited' -With @($Step['title'], $looks)) -Data $data
        }
        # The next look would come too late.
        $limit = Get-LbField -From $Step -Name 'timeLimitMinutes' -Default 60
        if (((Get-LbUtcNow) - $Execution['StepBegan']).TotalSeconds + $every -gt $limit * 60) {
            throw (Get-LbStepFailure -Code 'timed-out' -Say 'waitedInVain' -With @($Step['title'], $limit) -Advise 'tooLongAdvice')
        }
        if (Test-LbCancelled -Execution $Execution) { throw (Get-LbStepFailure -Code 'cancelled' -Say 'cancelled' -With @($Step['title'])) }
        Wait-LbSecond -Execution $Execution -Seconds $every
    }
}

# To be taken as @(...).
function Get-LbLook {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Look)
    try {
        if ($Look['kind'] -ceq 'sql') { return @(Invoke-LbSqlCall -Execution $Execution -Call $Look) }
        $parameters = Resolve-LbMap -Execution $Execution -Map $Look['parameters']
        return @(Invoke-LbCmdletCall -Execution $Execution -Call $Look -Parameters $parameters)
    } catch {
        $failure = ConvertTo-LbFailure -ErrorRecord $_
        if ($script:LbMistakes -ccontains $failure['code']) { throw }
        Write-Verbose -Message $failure['message']
    }
}

# The answer is a file that a session lays into the inbox.
function Invoke-LbConfirm {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    if (-not $Execution['Attended']) { throw (Get-LbStepFailure -Code 'timed-out' -Say 'notAnswered' -With @($Step['title']) -Advise 'notAnsweredAdvice') }
    $file = Get-LbDataPath -Child ('inbox/' + $Execution['Run']['id'] + '.' + $Step['id'] + '.answer')
    Write-LbRun -Execution $Execution -Waiting
    while (-not (Test-LbFile -Path $file)) {
        if (Test-LbCancelled -Execution $Execution) { throw (Get-LbStepFailure -Code 'cancelled' -Say 'cancelled' -With @($Step['title'])) }
        $late = Get-LbOverdue -Execution $Execution -Now (Get-LbUtcNow)
        if ($null -ne $late) { throw $late }
        Invoke-LbSleep -Milliseconds 1000
        Write-LbRun -Execution $Execution -Waiting
    }
    $answer = ConvertFrom-LbJson -Text (Read-LbFile -Path $file)
    Clear-LbPath -Path $file
    $typed = [string]$answer['typed']
    $type = $Step['type']
    if ($null -eq $type) { $isYes = $typed.Trim() -match '^y(es)?\z' } else { $isYes = [string]::Equals($typed, [string]$type, [System.StringComparison]::Ordinal) }
    if (-not $isYes) { throw (Get-LbStepFailure -Code 'not-confirmed' -Say 'notConfirmed' -With @($Step['title'])) }
    $Execution['Answer'] = [ordered]@{ by = $answer['by']; typed = $typed; at = $answer['at'] }
    return Get-LbDone -Message (Get-LbMessage -Name 'confirmed' -With @($Step['title'], $answer['by'])) -Data ([ordered]@{ answer = $typed })
}
