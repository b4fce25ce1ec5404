# The one read of a host: everything that resources on it need, and only what is local to it. What cannot be read is
# told, and hides nothing else.

function Get-LbUnreadable {
    param([string]$Concerns, [string]$What, [System.Collections.IDictionary]$Failure)
    return [ordered]@{ concerns = $Concerns; code = 'unreadable'; message = '{0} cannot be read: {1}.' -f $What, ([string]$Failure['message']).Trim().TrimEnd('.') }
}

function Get-LbState {
    $problems = New-Object -TypeName System.Collections.ArrayList
    $computer = Get-LbComputer
    $protected = $null
    try { $protected = @(Get-LbProtectedDrive) } catch { Write-Verbose -Message $_.Exception.Message }
    $agent = $null
    try { $agent = Get-LbAgent } catch { [void]$problems.Add((Get-LbUnreadable -Concerns 'agent' -What 'The mark of the module' -Failure (ConvertTo-LbFailure -ErrorRecord $_))) }
    $tasks = @(Get-LbTaskList -Problems $problems)
    $jobs = @(foreach ($name in @(Get-LbJobName)) { Get-LbJobState -Name $name -Problems $problems })
    $targets = @(foreach ($name in @(Get-LbTargetName)) { Get-LbTargetStateIfReadable -Name $name -Protected $protected -Problems $problems })
    return [ordered]@{
        document = 'host-state'
        version  = 1
        host     = $computer['Fqdn']
        at       = (Get-LbNow)
        timeZone = $computer['TimeZone']
        computer = [ordered]@{
            domain          = $computer['Domain']
            operatingSystem = $computer['OperatingSystem']
            powershell      = '{0}.{1}' -f $PSVersionTable.PSVersion.Major, $PSVersionTable.PSVersion.Minor
            lync            = (Get-LbLync)
        }
        volumes  = (Get-LbVolumeState -Protected $protected)
        agent    = $agent
        tasks    = $tasks
        jobs     = $jobs
        targets  = $targets
        problems = $problems.ToArray()
    }
}

function Get-LbLync {
    $found = Get-LbProduct
    if ($null -eq $found) { return $null }
    $product = 'lync2013'
    if ($found['Name'] -match '2015') { $product = 'sfb2015' }
    elseif ($found['Name'] -match '2019') { $product = 'sfb2019' }
    elseif ($found['Name'] -match 'Subscription') { $product = 'sfbse' }
    $pool = Get-LbLocalPool
    if ([string]::IsNullOrEmpty($pool)) { $pool = $null }
    return [ordered]@{ product = $product; version = $found['Version']; pool = $pool }
}

# Null of the protected drives: nobody could tell.
function Get-LbEncryption {
    param([string]$Drive, $Protected)
    if ($null -eq $Protected) { return 'unknown' }
    foreach ($one in $Protected) { if (Test-LbSameText -One $one -Other $Drive) { return 'bitlocker' } }
    return 'none'
}

function Get-LbVolumeState {
    param($Protected)
    $volumes = [ordered]@{}
    foreach ($one in @(Get-LbVolume)) {
        $drive = $one['Drive'].ToUpperInvariant()
        $volumes[$drive] = [ordered]@{ encryption = (Get-LbEncryption -Drive $drive -Protected $Protected); freeBytes = $one['FreeBytes'] }
    }
    return $volumes
}

# To be taken as @(...).
function Get-LbTaskList {
    param([System.Collections.ArrayList]$Problems)
    try { foreach ($task in @(Get-LbTask -Folder $script:LbTaskFolder)) { ConvertTo-LbTaskState -Task $task } }
    catch { [void]$Problems.Add((Get-LbUnreadable -Concerns 'tasks' -What 'The tasks' -Failure (ConvertTo-LbFailure -ErrorRecord $_))) }
}

function Get-LbJobState {
    param([string]$Name, [System.Collections.ArrayList]$Problems)
    $bytes = Read-LbByte -Path (Get-LbJobPath -Name $Name)
    $text = $null
    $job = $null
    try { $text = $script:LbUtf8.GetString($bytes) } catch { Write-Verbose -Message $_.Exception.Message }
    if ($null -ne $text) { $job = Read-LbJobIfValid -Text $text }
    $state = [ordered]@{
        name = $Name; owner = $null; hash = (Get-LbSha256 -Bytes $bytes); text = $text; accountSid = $null; newestSet = $null; lastRun = $null; agent = $null; watched = $null
    }
    if ($null -ne $job) {
        $state['owner'] = $job['owner']
        $state['accountSid'] = Get-LbSid -Account $job['account']
        try { $state['newestSet'] = Get-LbNewestSet -Job $job }
        catch { [void]$Problems.Add((Get-LbUnreadable -Concerns 'sets' -What ('The sets of ' + $Name) -Failure (ConvertTo-LbFailure -ErrorRecord $_))) }
    }
    foreach ($run in @(Get-LbRunFound -Job $Name -Last 1 -Problems $Problems)) {
        foreach ($field in @('document', 'version', 'steps')) { $run.Remove($field) }
        $state['lastRun'] = $run
    }
    try { $state['agent'] = Get-LbAgentJobState -Name $Name }
    catch { [void]$Problems.Add((Get-LbUnreadable -Concerns 'agent-jobs' -What ('The Agent job of ' + $Name) -Failure (ConvertTo-LbFailure -ErrorRecord $_))) }
    try { $state['watched'] = Get-LbWatched -Name $Name }
    catch { [void]$Problems.Add((Get-LbUnreadable -Concerns 'watches' -What ('What {0} backs up' -f $Name) -Failure (ConvertTo-LbFailure -ErrorRecord $_))) }
    return $state
}

# A session is a network logon and sees no share: the newest set that this host knows of is the one that its own runs
# sealed, or that lies on its own disk.
function Get-LbNewestSet {
    param([System.Collections.IDictionary]$Job)
    $newest = $null
    $target = $Job['target']
    if ($null -ne $target -and -not $target['path'].StartsWith('\\', [System.StringComparison]::Ordinal)) {
        $sets = Join-LbPath -Path $target['path'] -Child ('series/' + (Get-LbSeriesName -Job $Job) + '/sets')
        foreach ($set in @(Get-LbSetFolder -Path $sets)) {
            $file = Join-LbPath -Path $sets -Child ($set + '/manifest.json')
            if (-not (Test-LbFile -Path $file)) { continue }
            $manifest = Read-LbDocument -Path $file -Name 'manifest'
            $newest = [ordered]@{ set = $manifest['set']; sealedAt = $manifest['sealedAt']; bytes = $manifest['bytes'] }
        }
    }
    foreach ($name in @(Get-LbRunName -Job $Job['name'])) {
        $sealed = Get-LbSealedBy -Job $Job['name'] -Run $name
        if ($null -eq $sealed) { continue }
        if ($null -eq $newest -or [string]::CompareOrdinal($sealed['set'], $newest['set']) -gt 0) { $newest = $sealed }
        break
    }
    return $newest
}

# Null: the run has sealed nothing, or its result cannot be read.
function Get-LbSealedBy {
    param([string]$Job, [string]$Run)
    try { $found = Read-LbRun -Job $Job -Run $Run } catch { return $null }
    if ($null -eq $found['set']) { return $null }
    foreach ($step in $found['steps']) {
        if ($step['kind'] -ceq 'seal' -and $step['outcome'] -ceq 'ok') { return [ordered]@{ set = $found['set']; sealedAt = $step['finishedAt']; bytes = $step['data']['bytes'] } }
    }
    return $null
}

function Get-LbTargetStateIfReadable {
    param([string]$Name, $Protected, [System.Collections.ArrayList]$Problems)
    try {
        $note = Read-LbNote -Name $Name
        if ($null -eq $note) { throw (Get-LbFailure -Code 'unreadable' -Message 'it is no JSON') }
        Get-LbTargetState -Name $Name -Declared $note['declaration'] -Protected $Protected
    } catch {
        [void]$Problems.Add((Get-LbUnreadable -Concerns 'targets' -What ('The note of the target ' + $Name) -Failure (ConvertTo-LbFailure -ErrorRecord $_)))
    }
}

function Get-LbTargetState {
    param([string]$Name, [System.Collections.IDictionary]$Declared, $Protected)
    $path = $Declared['path']
    $exists = Test-LbFolder -Path $path
    $mark = Read-LbMark -Path $path
    $state = [ordered]@{
        name = $Name; path = $path; declaration = $null; owner = $null; folder = $exists; share = (Get-LbShareState -Declared $Declared)
        access = @(); encryption = (Get-LbEncryption -Drive ($path.Substring(0, 2)) -Protected $Protected); freeBytes = $null; accounts = $null
    }
    if ($null -ne $mark) {
        $state['declaration'] = $mark['declaration']
        $state['owner'] = $mark['owner']
    }
    if ($exists) {
        $state['access'] = @(Get-LbAccessState -Access @(Get-LbFolderAccess -Path $path))
        if ($state['encryption'] -ceq 'none' -and (Test-LbEncryptedFolder -Path $path)) { $state['encryption'] = 'efs' }
    }
    foreach ($volume in @(Get-LbVolume)) { if (Test-LbSameText -One $volume['Drive'] -Other ($path.Substring(0, 2))) { $state['freeBytes'] = $volume['FreeBytes'] } }
    $state['accounts'] = Get-LbAccountState -Declared $Declared -Mark $mark
    return $state
}

# The share of the declared name, else one of this folder.
function Get-LbShareState {
    param([System.Collections.IDictionary]$Declared)
    $found = $null
    foreach ($share in @(Get-LbShare)) {
        if ($null -ne $Declared['share'] -and (Test-LbSameText -One $share['Name'] -Other $Declared['share'])) { $found = $share; break }
        if ($null -eq $found -and (Test-LbSamePath -One $share['Path'] -Other $Declared['path'])) { $found = $share }
    }
    if ($null -eq $found) { return $null }
    return [ordered]@{ name = $found['Name']; path = $found['Path']; access = @(Get-LbAccessState -Access $found['Access']) }
}

# What is allowed; a name that nobody has any more is shown by its identifier. To be taken as @(...).
function Get-LbAccessState {
    param([object[]]$Access)
    foreach ($one in $Access) {
        if (-not $one['Allows']) { continue }
        $name = Get-LbAccountName -Sid $one['Sid']
        $sid = $one['Sid']
        if ($null -eq $name) { $name = $sid; $sid = $null }
        [ordered]@{ account = $name; sid = $sid; right = (Get-LbRight -Mask $one['Mask']) }
    }
}

# The declared accounts as the directory resolves them now.
function Get-LbAccountState {
    param([System.Collections.IDictionary]$Declared, $Mark)
    $lists = @($Declared['writers'], $Declared['readers'])
    if ($null -ne $Mark) { $lists += @($Mark['declaration']['writers'], $Mark['declaration']['readers']) }
    $accounts = Get-LbEmptyMap
    foreach ($list in $lists) {
        if ($null -eq $list) { continue }
        foreach ($account in $list) { $accounts[$account] = Get-LbSid -Account $account }
    }
    return $accounts
}

function Get-LyncBackupState {
    <#
    .SYNOPSIS
    Everything that is managed on this computer, as one JSON document.
    .DESCRIPTION
    The module, tasks, jobs with their last runs, and targets, as they are now. Whatever could not be read stands in
    problems, with the reason; it is never left out without a word.
    .EXAMPLE
    Get-LyncBackupState | Set-Content -LiteralPath state.json
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    return ConvertTo-LbJson -Value (Get-LbState)
}
