# The kinds that change what runs, that wait, and that ask a person.

# On all computers at the same time. What one of them refuses keeps no other from it.
function Invoke-LbServiceStep {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $cmdlet = 'Stop-CsWindowsService'
    $done = 'stopped'
    if ($Step['action'] -ceq 'start') {
        $cmdlet = 'Start-CsWindowsService'
        $done = 'started'
    }
    # They are only asked at first, so that all are at it together; then each is waited for.
    [void]@(Invoke-LbEachService -Execution $Execution -Step $Step -Cmdlet $cmdlet -NoWait)
    $problems = @(Invoke-LbEachService -Execution $Execution -Step $Step -Cmdlet $cmdlet)
    if ($problems.Length -gt 0) {
        throw (Get-LbStepFailure -Code 'service' -Say 'servicesRefused' -With @($done, [string]::Join(' ', [string[]]$problems)))
    }
    $message = Get-LbMessage -Name 'servicesDone' -With @($done, $Step['computers'].Length)
    return Get-LbDone -Message $message -Data ([ordered]@{ computers = $Step['computers'] })
}

# What was refused, and where. To be taken as @(...).
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
                '{0}: {1}' -f $computer, $failure['message']
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

# A look that fails is one that has not found it: what is waited for may be what it asks.
function Invoke-LbWait {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    Wait-LbSecond -Execution $Execution -Seconds (Get-LbField -From $Step -Name 'seconds' -Default 0)
    $until = $Step['until']
    $every = Get-LbField -From $Step -Name 'everySeconds' -Default 15
    for ($looks = 0; ; ) {
        $look = @{ Items = @(); Problem = $null }
        if ($null -ne $Step['look']) {
            $looks++
            $look = Get-LbLook -Execution $Execution -Look $Step['look']
        }
        $data = [ordered]@{ items = $look['Items']; looks = $looks }
        $Execution['Results'][$Step['id']] = $data
        if ($null -eq $look['Problem'] -and ($null -eq $until -or (Test-LbCondition -Execution $Execution -Condition $until))) {
            return Get-LbDone -Message (Get-LbMessage -Name 'waited' -With @($Step['title'], $looks)) -Data $data
        }
        if ((Get-LbSecondsLeft -Execution $Execution) -le $every) {
            $limit = Get-LbField -From $Step -Name 'timeLimitMinutes' -Default 60
            $message = Get-LbMessage -Name 'stepTooLong' -With @($Step['title'], $limit)
            if ($null -ne $look['Problem']) { $message = Get-LbMessage -Name 'lastLook' -With @($message, $look['Problem']) }
            throw (Get-LbFailure -Code 'timed-out' -Message $message -Advice (Get-LbMessage -Name 'tooLongAdvice'))
        }
        if (Test-LbCancelled -Execution $Execution) { throw (Get-LbStepFailure -Code 'cancelled' -Say 'cancelled' -With @($Step['title'])) }
        Wait-LbSecond -Execution $Execution -Seconds $every
    }
}

function Get-LbLook {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Look)
    try {
        if ($Look['kind'] -ceq 'sql') { $items = @(Invoke-LbSqlCall -Execution $Execution -Call $Look) }
        else {
            $parameters = Resolve-LbMap -Execution $Execution -Map $Look['parameters']
            $items = @(Invoke-LbCmdletCall -Execution $Execution -Call $Look -Parameters $parameters)
        }
        return @{ Items = $items; Problem = $null }
    } catch {
        $failure = ConvertTo-LbFailure -ErrorRecord $_
        if ($failure['code'] -ceq 'timed-out') { throw }
        return @{ Items = @(); Problem = $failure['message'] }
    }
}

# The answer is a file that a session lays into the inbox.
function Invoke-LbConfirm {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    if (-not $Execution['Attended']) { throw (Get-LbStepFailure -Code 'nobody-there' -Say 'nobodyThere' -With @($Step['title']) -Advise 'nobodyThereAdvice') }
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
    if ($null -eq $type) { $isYes = $typed.Trim() -match '^y(es)?\z' } else { $isYes = $typed.Trim() -ceq $type }
    if (-not $isYes) { throw (Get-LbStepFailure -Code 'not-confirmed' -Say 'notConfirmed' -With @($Step['title'])) }
    $Execution['Answer'] = [ordered]@{ by = $answer['by']; typed = $typed; at = $answer['at'] }
    return Get-LbDone -Message (Get-LbMessage -Name 'confirmed' -With @($Step['title'])) -Data ([ordered]@{ answer = $typed })
}
