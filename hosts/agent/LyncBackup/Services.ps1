# The kinds that change what runs, that wait, and that ask a person.

function Invoke-LbServiceStep {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $services = Get-LbField -From $Step -Name 'services' -Default @()
    $computers = $Step['computers']
    $action = $Step['action']
    if ($services.Length -eq 0) { Invoke-LbAllService -Execution $Execution -Action $action -Computers $computers }
    else { Invoke-LbNamedService -Execution $Execution -Action $action -Computers $computers -Services $services }
    $message = Get-LbMessage -Name 'servicesDone' -With @($Step['title'], $computers.Length)
    return Get-LbDone -Message $message -Data ([ordered]@{ computers = $computers })
}

# All services of Lync, by its own cmdlets. They are only asked at first, so that all computers are at it together.
function Invoke-LbAllService {
    param([hashtable]$Execution, [string]$Action, [object[]]$Computers)
    $cmdlet = 'Stop-CsWindowsService'
    if ($Action -ceq 'start') { $cmdlet = 'Start-CsWindowsService' }
    foreach ($wait in @($true, $false)) {
        foreach ($computer in $Computers) {
            $parameters = [ordered]@{ ComputerName = $computer }
            if ($wait) { $parameters['NoWait'] = $true }
            [void]@(Invoke-LbCommand -Execution $Execution -Name $cmdlet -Parameters $parameters)
        }
    }
}

function Invoke-LbNamedService {
    param([hashtable]$Execution, [string]$Action, [object[]]$Computers, [object[]]$Services)
    $wanted = 'stopped'
    if ($Action -ceq 'start') { $wanted = 'running' }
    foreach ($computer in $Computers) {
        foreach ($service in $Services) {
            $found = Get-LbService -Computer $computer -Name $service
            if ($null -eq $found) { throw (Get-LbStepFailure -Code 'service-failed' -Say 'serviceFailed' -With @($service, $computer, $wanted)) }
            if ($found['Status'] -cne $wanted) { Invoke-LbService -Computer $computer -Name $service -Action $Action }
        }
    }
    foreach ($computer in $Computers) {
        foreach ($service in $Services) {
            while ((Get-LbService -Computer $computer -Name $service)['Status'] -cne $wanted) { Wait-LbSecond -Execution $Execution -Seconds 1 }
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

function Invoke-LbWait {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    Wait-LbSecond -Execution $Execution -Seconds (Get-LbField -From $Step -Name 'seconds' -Default 0)
    $until = $Step['until']
    $every = Get-LbField -From $Step -Name 'everySeconds' -Default 15
    for ($looks = 0; ; ) {
        $data = [ordered]@{ items = @(); looks = $looks }
        if ($null -ne $Step['look']) {
            $looks++
            $data = [ordered]@{ items = @(Get-LbLook -Execution $Execution -Look $Step['look']); looks = $looks }
        }
        $Execution['Results'][$Step['id']] = $data
        if ($null -eq $until -or (Test-LbCondition -Execution $Execution -Condition $until)) {
            return Get-LbDone -Message (Get-LbMessage -Name 'waited' -With @($Step['title'], $looks)) -Data $data
        }
        if ((Get-LbSecondsLeft -Execution $Execution) -le $every) {
            $limit = Get-LbField -From $Step -Name 'timeLimitMinutes' -Default 60
            throw (Get-LbStepFailure -Code 'timed-out' -Say 'waitedInVain' -With @($Step['title'], $limit) -Advise 'tooLongAdvice')
        }
        if (Test-LbCancelled -Execution $Execution) {
            throw (Get-LbStepFailure -Code 'cancelled' -Say 'cancelled' -With @($Step['title']))
        }
        Wait-LbSecond -Execution $Execution -Seconds $every
    }
}

# A look that fails is as good as one that finds nothing: what is waited for may not be there yet.
function Get-LbLook {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Look)
    try {
        if ($Look['kind'] -ceq 'sql') { return Invoke-LbSqlCall -Execution $Execution -Call $Look }
        $parameters = Resolve-LbMap -Execution $Execution -Map $Look['parameters']
        return Invoke-LbCmdletCall -Execution $Execution -Call $Look -Parameters $parameters
    } catch {
        $code = (ConvertTo-LbFailure -ErrorRecord $_)['code']
        if (@('unknown-cmdlet', 'unknown-parameter', 'ambiguous-parameters', 'missing-parameter', 'wrong-type', 'refused', 'timed-out') -ccontains $code) { throw }
    }
}

# The answer is a file that a session lays into the inbox.
function Invoke-LbConfirm {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $file = Get-LbDataPath -Child ('inbox/' + $Execution['Run']['id'] + '.' + $Step['id'] + '.answer')
    Write-LbRun -Execution $Execution -Waiting
    while (-not (Test-LbFile -Path $file)) {
        if (Test-LbCancelled -Execution $Execution) { throw (Get-LbStepFailure -Code 'cancelled' -Say 'cancelled' -With @($Step['title'])) }
        if ((Get-LbSecondsLeft -Execution $Execution) -le 1) { throw (Get-LbStepFailure -Code 'timed-out' -Say 'notAnswered' -With @($Step['title'])) }
        Invoke-LbSleep -Milliseconds 1000
        Write-LbRun -Execution $Execution -Waiting
    }
    $answer = ConvertFrom-LbJson -Text (Read-LbFile -Path $file)
    Clear-LbPath -Path $file
    $Execution['Answer'] = [ordered]@{ by = $answer['by']; typed = $answer['typed']; at = $answer['at'] }
    $type = $Step['type']
    if ($null -ne $type -and $type -cne $answer['typed']) { throw (Get-LbStepFailure -Code 'not-confirmed' -Say 'notConfirmed' -With @($Step['title'])) }
    $message = Get-LbMessage -Name 'confirmed' -With @($Step['title'], $answer['by'])
    return Get-LbDone -Message $message -Data ([ordered]@{ answer = $answer['typed'] })
}
