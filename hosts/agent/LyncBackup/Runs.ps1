# Result files, and the lock that holds as long as the process of a run does.

$script:LbRunName = '^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}\z'

function Get-LbRunPath {
    param([string]$Job, [string]$Run)
    return Get-LbDataPath -Child ('runs/' + $Job + '/' + $Run + '.json')
}

function Get-LbLockPath {
    param([string]$Job)
    return Get-LbDataPath -Child ('locks/' + $Job + '.lock')
}

# Null: another process has it. The system itself lets go of it when the process ends, however it ends.
function Open-LbLock {
    param([string]$Job)
    $path = Get-LbLockPath -Job $Job
    Add-LbFolder -Path (Get-LbParent -Path $path)
    try {
        return New-Object -TypeName System.IO.FileStream -ArgumentList @(
            (Get-LbNativePath -Path $path -Change), [System.IO.FileMode]::OpenOrCreate, [System.IO.FileAccess]::ReadWrite, [System.IO.FileShare]::None)
    } catch {
        $cause = Get-LbCause -Exception $_.Exception
        if ($cause -is [System.IO.IOException] -and @('internal', 'in-use') -ccontains (Get-LbFileErrorCode -Exception $cause)) { return $null }
        throw
    }
}

function Test-LbLocked {
    param([string]$Job)
    if (-not (Test-LbFile -Path (Get-LbLockPath -Job $Job))) { return $false }
    $lock = Open-LbLock -Job $Job
    if ($null -eq $lock) { return $true }
    $lock.Dispose()
    return $false
}

# The names of result files, newest first.
function Get-LbRunName {
    param([string]$Job)
    $names = @(Get-LbNameIn -Path (Get-LbDataPath -Child ('runs/' + $Job)))
    for ($index = $names.Length - 1; $index -ge 0; $index--) {
        if ($names[$index].EndsWith('.json', [System.StringComparison]::Ordinal)) {
            $name = $names[$index].Substring(0, $names[$index].Length - 5)
            if ($name -cmatch $script:LbRunName) { $name }
        }
    }
}

function Read-LbRun {
    param([string]$Job, [string]$Run)
    $text = Read-LbFile -Path (Get-LbRunPath -Job $Job -Run $Run)
    $found = ConvertFrom-LbJson -Text $text
    if ($found -isnot [System.Collections.IDictionary] -or $found['document'] -cne 'run' -or $found['version'] -ne 1) {
        throw (Get-LbFailure -Code 'invalid-document' -Message 'It is no result of a run of this release.')
    }
    return $found
}

# Newest first. What is found running although no process is was interrupted; what cannot be read is told to a list.
function Get-LbRunFound {
    param([string]$Job, [int]$Last, [System.Collections.ArrayList]$Problems = $null)
    $live = Test-LbLocked -Job $Job
    $count = 0
    foreach ($name in @(Get-LbRunName -Job $Job)) {
        if ($count -ge $Last) { break }
        try {
            $run = Read-LbRun -Job $Job -Run $name
            # Only the newest can be what the living process is in.
            Convert-LbInterrupted -Run $run -Live ($live -and $count -eq 0)
            $count++
        } catch {
            if ($null -eq $Problems) { continue }
            $failure = ConvertTo-LbFailure -ErrorRecord $_
            [void]$Problems.Add((Get-LbUnreadable -Concerns 'sets' -What ('The result runs/' + $Job + '/' + $name + '.json') -Failure $failure))
        }
    }
}

function Convert-LbInterrupted {
    param([System.Collections.IDictionary]$Run, [bool]$Live)
    $unfinished = $Run['outcome'] -ceq 'running' -or $Run['outcome'] -ceq 'waiting'
    if (-not $unfinished -or $Live) { return $Run }
    $steps = @($Run['steps'])
    $after = 'before its first step had ended'
    if ($steps.Length -gt 0) { $after = 'after the step ' + $steps[$steps.Length - 1]['id'] }
    $Run['outcome'] = 'interrupted'
    if ($null -eq $Run['error']) {
        $Run['error'] = [ordered]@{
            code    = 'interrupted'
            message = 'Its process on {0} ended {1}, and the run with it.' -f $Run['host'], $after
            advice  = 'Run it again: what it left is swept up.'
        }
    }
    return $Run
}

# The next run begins with the truth about those that died: their result files say so, their work folders go.
function Clear-LbDeadRun {
    param([string]$Job)
    # Only the newest can be unfinished, for each run begins with this.
    foreach ($name in @(Get-LbRunName -Job $Job | Select-Object -First 1)) {
        # A result that cannot be read stands in the way of nothing.
        try { $run = Read-LbRun -Job $Job -Run $name } catch { continue }
        if ($run['outcome'] -cne 'running' -and $run['outcome'] -cne 'waiting') { continue }
        $run = Convert-LbInterrupted -Run $run -Live $false
        $run['finishedAt'] = Get-LbNow
        Write-LbFile -Path (Get-LbRunPath -Job $Job -Run $name) -Text ((ConvertTo-LbJson -Value $run) + "`n")
    }
    $live = @(Get-LbLiveRun -Except $Job)
    foreach ($name in @(Get-LbNameIn -Path (Get-LbDataPath -Child 'work'))) {
        if ($live -cnotcontains $name) { Clear-LbPath -Path (Get-LbDataPath -Child ('work/' + $name)) }
    }
}

# The runs that living processes are in, those of the job that begins excepted.
function Get-LbLiveRun {
    param([string]$Except)
    foreach ($file in @(Get-LbNameIn -Path (Get-LbDataPath -Child 'locks'))) {
        if (-not $file.EndsWith('.lock', [System.StringComparison]::Ordinal)) { continue }
        $job = $file.Substring(0, $file.Length - 5)
        if ($job -ceq $Except -or -not (Test-LbLocked -Job $job)) { continue }
        Get-LbRunName -Job $job | Select-Object -First 1
    }
}

function Get-LyncBackupRun {
    <#
    .SYNOPSIS
    The newest results of a job on this computer.
    .DESCRIPTION
    Newest first. A run that was found running although its process has ended is shown as interrupted.
    .PARAMETER Name
    The name of the job.
    .PARAMETER Last
    How many.
    .EXAMPLE
    Get-LyncBackupRun -Name configuration -Last 3
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Name,
        [ValidateRange(1, 1000)]
        [int]$Last = 1
    )
    Get-LbRunFound -Job (Get-LbCheckedName -Name $Name) -Last $Last
}

# What becomes a part of a path is nothing but a name.
function Get-LbCheckedName {
    param([string]$Name)
    if ($Name -cmatch '^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\z') { return $Name }
    throw (Get-LbFailure -Code 'refused' -Message 'A name has 1 to 64 lower-case letters, digits and hyphens.')
}
