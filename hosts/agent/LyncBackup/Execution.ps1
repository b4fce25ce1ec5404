# One run of one job: what its steps share, where its files lie, and its clock.

function Get-LbExecution {
    param([System.Collections.IDictionary]$Job, [System.Collections.IDictionary]$Run)
    return @{
        Job          = $Job
        # The result file as it is now.
        Run          = $Run
        Host         = [string]$Run['host']
        ToolVersion  = ''
        # What finished steps left, by id.
        Results      = @{}
        Artefacts    = (New-Object -TypeName System.Collections.ArrayList)
        # Failures of steps that let the run go on, and nothing be sealed; and of those after which it is sealed all the same.
        Noted        = (New-Object -TypeName System.Collections.ArrayList)
        Kept         = (New-Object -TypeName System.Collections.ArrayList)
        # Whether a folder for the set was made on the target, which must go where it is not sealed.
        HasSetFolder = $false
        CurrentItem  = $null
        # The sets of the series, read when they are first asked for.
        Last         = $null
        # Verifications that did not succeed: messages by path of the artefact.
        Unverified   = @{}
        # Somebody is there to be asked.
        Attended     = $false
        Step         = $null
        StepBegan    = $null
        Beat         = $null
        Runspace     = $null
        # What a person has answered to the present step.
        Answer       = $null
    }
}

function Get-LbSeriesName {
    param([System.Collections.IDictionary]$Job)
    if ($null -ne $Job['series']) { return $Job['series'] }
    return $Job['name']
}

function Get-LbTarget {
    param([hashtable]$Execution)
    $target = $Execution['Job']['target']
    if ($null -eq $target) { throw (Get-LbStepFailure -Code 'no-target' -Say 'noTarget' -With @($Execution['Job']['name'])) }
    return $target
}

function Get-LbSeriesPath {
    param([hashtable]$Execution, [string]$Child)
    $target = Get-LbTarget -Execution $Execution
    return Join-LbPath -Path $target['path'] -Child ('series/' + (Get-LbSeriesName -Job $Execution['Job']) + '/' + $Child)
}

function Get-LbWorkPath {
    param([hashtable]$Execution, [string]$File)
    return (Get-LbDataPath -Child ('work/' + $Execution['Run']['id'] + '/' + $File)).TrimEnd('\')
}

function Get-LbSetPath {
    param([hashtable]$Execution, [string]$File)
    return (Get-LbSeriesPath -Execution $Execution -Child ('sets/' + $Execution['Run']['id'] + '/' + $File)).TrimEnd('\')
}

function Get-LbMirrorPath {
    param([hashtable]$Execution, [string]$File)
    return (Get-LbSeriesPath -Execution $Execution -Child ('mirror/' + $File)).TrimEnd('\')
}

function Get-LbArtefactPath {
    param([hashtable]$Execution, [hashtable]$Artefact)
    if ($Artefact['In'] -ceq 'work') { return Get-LbWorkPath -Execution $Execution -File $Artefact['Path'] }
    return Get-LbSetPath -Execution $Execution -File $Artefact['Path']
}

# Called often while something long goes on: the result file says that the run lives, and a time limit ends the step.
function Write-LbBeat {
    param([hashtable]$Execution)
    if ($null -eq $Execution -or $null -eq $Execution['StepBegan']) { return }
    $now = Get-LbUtcNow
    if ($null -ne $Execution['Beat'] -and ($now - $Execution['Beat']).TotalSeconds -lt 15) { return }
    $Execution['Beat'] = $now
    $failure = Get-LbOverdue -Execution $Execution -Now $now
    if ($null -ne $failure) { throw $failure }
    Write-LbRun -Execution $Execution
}

# Null, or why the step has failed: it, or the run, has taken longer than it may.
function Get-LbOverdue {
    param([hashtable]$Execution, [datetime]$Now)
    $step = $Execution['Step']
    $job = $Execution['Job']
    $limit = Get-LbField -From $step -Name 'timeLimitMinutes' -Default 60
    if (($Now - $Execution['StepBegan']).TotalMinutes -gt $limit) {
        return Get-LbStepFailure -Code 'timed-out' -Say 'stepTooLong' -With @($step['title'], $limit) -Advise 'tooLongAdvice'
    }
    # What tidies up does so however late it is.
    if ($Execution['Run']['outcome'] -cne 'running') { return }
    $began = ConvertFrom-LbInstant -Text $Execution['Run']['startedAt']
    if (($Now - $began).TotalMinutes -le $job['timeLimitMinutes']) { return }
    return Get-LbStepFailure -Code 'timed-out' -Say 'runTooLong' -With @($job['name'], $job['timeLimitMinutes']) -Advise 'tooLongAdvice'
}

# What a field holds, or what holds where there is none.
function Get-LbField {
    param($From, [string]$Name, $Default = $null)
    if ($null -ne $From -and $From.Contains($Name)) { return , $From[$Name] }
    return , $Default
}

# The result file is replaced at every step, with the outcome running until the end.
function Write-LbRun {
    param([hashtable]$Execution, [switch]$Ended, [switch]$Waiting)
    $run = $Execution['Run']
    $outcome = $run['outcome']
    $run['beatAt'] = Get-LbNow
    if ($Ended) { $run['finishedAt'] = $run['beatAt'] }
    elseif ($Waiting) { $run['outcome'] = 'waiting' }
    else { $run['outcome'] = 'running' }
    try {
        Write-LbFile -Path (Get-LbRunPath -Job $run['job'] -Run $run['id']) -Text ((ConvertTo-LbJson -Value $run) + "`n")
    } finally { $run['outcome'] = $outcome }
}
