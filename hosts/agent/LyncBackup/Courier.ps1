# The courier is lync-backup itself, with Node.js: where a computer has it, `lync-backup offsite install` has written down.

function Invoke-LbCourierStep {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $place = Read-LbFileIfThere -Path (Get-LbDataPath -Child 'courier.json')
    if ($null -eq $place) { throw (Get-LbStepFailure -Code 'no-courier' -Say 'noCourier' -Advise 'noCourierAdvice') }
    $keys = Get-LbDataPath -Child 'credentials'
    if (-not (Test-LbFile -Path (Join-LbPath -Path $keys -Child ($Step['credentials'] + '.json')))) {
        throw (Get-LbStepFailure -Code 'no-credentials' -Say 'noKey' -With @($Step['credentials'], $Execution['Host']) -Advise 'noKeyAdvice')
    }
    $done = Get-LbCourierAnswer -Execution $Execution -Step $Step -Courier (ConvertFrom-LbJson -Text $place) -KeyFolder $keys
    $problems = [string[]]@($done['problems'])
    if ($problems.Length -eq 0) { return Get-LbDone -Message $done['message'] -Data $done['data'] }
    $failure = Get-LbStepFailure -Code 'not-offsite' -Say 'notAllOffsite' -With @([string]::Join('; ', $problems))
    $failure.Data['LbStepData'] = ConvertTo-LbJson -Value $done['data'] -Compact
    throw $failure
}

# The step goes to it in a file and its answer comes back in another: no text of a program has to be understood.
function Get-LbCourierAnswer {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step, [System.Collections.IDictionary]$Courier, [string]$KeyFolder)
    $asked = Get-LbWorkPath -Execution $Execution -File ($Step['id'] + '.courier.json')
    $answered = Get-LbWorkPath -Execution $Execution -File ($Step['id'] + '.courier-answer.json')
    Write-LbFile -Path $asked -Text (ConvertTo-LbJson -Value $Step)
    Clear-LbPath -Path $answered
    $line = ConvertTo-LbCommandLine -Argument @($Courier['program'], 'offsite', 'perform', $asked, $answered, '--credentials', $KeyFolder)
    $ended = Invoke-LbNativeProgram -Path $Courier['node'] -CommandLine $line -Execution $Execution
    $text = Read-LbFileIfThere -Path $answered
    if ($null -eq $text) {
        $said = ([string]$ended['Problems']).Trim()
        throw (Get-LbStepFailure -Code 'courier-ended' -Say 'courierEnded' -With @($ended['ExitCode'], $said) -Advise 'courierEndedAdvice')
    }
    $answer = ConvertFrom-LbJson -Text $text
    if ($answer.Contains('failure')) { throw (Get-LbFailure -Code $answer['failure']['code'] -Message $answer['failure']['message']) }
    return $answer['done']
}
