# Tasks as Task Scheduler keeps them: XML of version 1.2, which Windows Server 2008 R2 takes too.

$script:LbTaskMark = 'lync-backup: '

function ConvertTo-LbXmlText {
    param([string]$Text)
    return [System.Security.SecurityElement]::Escape($Text)
}

function ConvertTo-LbXmlBoolean {
    param([bool]$Is)
    if ($Is) { return 'true' }
    return 'false'
}

function Get-LbTaskXml {
    param([System.Collections.IDictionary]$Job, [System.Collections.IDictionary]$Task, $Owner, [hashtable]$Action, $Before)
    $triggers = [string]::Concat([string[]]@(foreach ($one in $Task['triggers']) { ConvertTo-LbTriggerXml -Trigger $one }))
    # A trigger that is as it was keeps its beginning: days are counted from there.
    if ($null -ne $Before -and (Test-LbSameTrigger -Xml $Before['Xml'] -Triggers $Task['triggers'])) { $triggers = Get-LbTriggerXml -Xml $Before['Xml'] }
    return [string]::Concat([string[]]@(
            '<?xml version="1.0" encoding="UTF-16"?>',
            '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
            '<RegistrationInfo><Author>lync-backup</Author><Description>', (ConvertTo-LbXmlText -Text ($script:LbTaskMark + (Get-LbOwnerText -Owner $Owner))), '</Description></RegistrationInfo>',
            '<Triggers>', $triggers, '</Triggers>',
            '<Principals><Principal id="Author"><UserId>', (ConvertTo-LbXmlText -Text $Job['account']), '</UserId>',
            '<LogonType>Password</LogonType><RunLevel>HighestAvailable</RunLevel></Principal></Principals>',
            '<Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
            '<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries><StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
            '<AllowHardTerminate>true</AllowHardTerminate>',
            '<StartWhenAvailable>', (ConvertTo-LbXmlBoolean -Is $Task['startWhenMissed']), '</StartWhenAvailable>',
            '<RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable><AllowStartOnDemand>true</AllowStartOnDemand>',
            '<Enabled>', (ConvertTo-LbXmlBoolean -Is $Task['enabled']), '</Enabled><Hidden>false</Hidden>',
            '<ExecutionTimeLimit>PT', (Get-LbText -Value $Job['timeLimitMinutes']), 'M</ExecutionTimeLimit><Priority>7</Priority></Settings>',
            '<Actions Context="Author"><Exec><Command>', (ConvertTo-LbXmlText -Text $Action['Program']), '</Command>',
            '<Arguments>', (ConvertTo-LbXmlText -Text $Action['Arguments']), '</Arguments></Exec></Actions></Task>'))
}

# The first time from now on: what lies in the past would count as missed.
function Get-LbBoundary {
    param([string]$At)
    $now = (Get-LbUtcNow).ToLocalTime()
    $parts = $At -split ':'
    $first = $now.Date.AddHours([int]$parts[0]).AddMinutes([int]$parts[1])
    if ($first -le $now) { $first = $first.AddDays(1) }
    return $first.ToString("yyyy-MM-dd'T'HH:mm:ss", $script:LbInvariant)
}

function ConvertTo-LbTriggerXml {
    param([System.Collections.IDictionary]$Trigger)
    if ($Trigger['kind'] -ceq 'other') { throw (Get-LbRefusal -Message ('a task cannot be made with the trigger {0}.' -f $Trigger['text']) -Advice 'Declare a schedule for it.') }
    $start = '<StartBoundary>' + (Get-LbBoundary -At $Trigger['at']) + '</StartBoundary><Enabled>true</Enabled>'
    switch -CaseSensitive ([string]$Trigger['kind']) {
        'daily' {
            $days = Get-LbText -Value (Get-LbField -From $Trigger -Name 'everyDays' -Default 1)
            return '<CalendarTrigger>' + $start + '<ScheduleByDay><DaysInterval>' + $days + '</DaysInterval></ScheduleByDay></CalendarTrigger>'
        }
        'weekly' {
            $weeks = Get-LbText -Value (Get-LbField -From $Trigger -Name 'everyWeeks' -Default 1)
            $days = [string]::Concat([string[]]@(foreach ($day in $Trigger['on']) { '<' + $day.Substring(0, 1).ToUpperInvariant() + $day.Substring(1) + ' />' }))
            return '<CalendarTrigger>' + $start + '<ScheduleByWeek><DaysOfWeek>' + $days + '</DaysOfWeek><WeeksInterval>' + $weeks + '</WeeksInterval></ScheduleByWeek></CalendarTrigger>'
        }
    }
    $again = '<Repetition><Interval>PT' + (Get-LbText -Value $Trigger['minutes']) + 'M</Interval><Duration>PT' + (Get-LbText -Value $Trigger['forMinutes']) +
    'M</Duration><StopAtDurationEnd>false</StopAtDurationEnd></Repetition>'
    return '<CalendarTrigger>' + $again + $start + '<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>'
}

# Null where there is no such node, else its text.
function Get-LbXmlText {
    param($Node, [string]$Path)
    $names = @(foreach ($name in ($Path -split '/')) { "*[local-name()='" + $name + "']" })
    $found = $Node.SelectSingleNode([string]::Join('/', [string[]]$names))
    if ($null -eq $found) { return $null }
    return $found.InnerText
}

function Open-LbTaskXml {
    param([string]$Xml)
    $document = New-Object -TypeName System.Xml.XmlDocument
    $document.XmlResolver = $null
    $document.LoadXml($Xml)
    return , $document.DocumentElement
}

function Get-LbTriggerXml {
    param([string]$Xml)
    $task = Open-LbTaskXml -Xml $Xml
    $found = $task.SelectSingleNode("*[local-name()='Triggers']")
    if ($null -eq $found) { return '' }
    return $found.InnerXml
}

# To be taken as @(...).
function Get-LbTrigger {
    param([string]$Xml)
    $task = Open-LbTaskXml -Xml $Xml
    foreach ($node in @($task.SelectNodes("*[local-name()='Triggers']/*"))) { ConvertFrom-LbTrigger -Node $node }
}

function Test-LbSameTrigger {
    param([string]$Xml, $Triggers)
    return (ConvertTo-LbJson -Value @(Get-LbTrigger -Xml $Xml) -Compact) -ceq (ConvertTo-LbJson -Value @($Triggers) -Compact)
}

# In the words of the declaration where it is one of ours, else as other, with what it says.
function ConvertFrom-LbTrigger {
    param($Node)
    $other = [ordered]@{ kind = 'other'; text = $Node.OuterXml }
    $start = Get-LbXmlText -Node $Node -Path 'StartBoundary'
    $enabled = Get-LbXmlText -Node $Node -Path 'Enabled'
    if ($Node.LocalName -cne 'CalendarTrigger' -or $start -notmatch '^[0-9-]{10}T([0-9]{2}:[0-9]{2}):[0-9]{2}' -or $enabled -ceq 'false') { return $other }
    $at = ([string]$start).Substring(11, 5)
    foreach ($more in @('EndBoundary', 'RandomDelay', 'ExecutionTimeLimit')) { if ($null -ne (Get-LbXmlText -Node $Node -Path $more)) { return $other } }
    $minutes = ConvertFrom-LbDuration -Text (Get-LbXmlText -Node $Node -Path 'Repetition/Interval')
    $days = Get-LbXmlText -Node $Node -Path 'ScheduleByDay/DaysInterval'
    if ($null -ne $minutes) {
        $length = ConvertFrom-LbDuration -Text (Get-LbXmlText -Node $Node -Path 'Repetition/Duration')
        if ($days -cne '1' -or $null -eq $length -or $length -gt 1440) { return $other }
        return [ordered]@{ kind = 'repeating'; at = $at; minutes = $minutes; forMinutes = $length }
    }
    if ($null -ne $days) { return [ordered]@{ kind = 'daily'; at = $at; everyDays = [long]$days } }
    $weeks = Get-LbXmlText -Node $Node -Path 'ScheduleByWeek/WeeksInterval'
    if ($null -eq $weeks) { return $other }
    $names = @(foreach ($day in @($Node.SelectNodes("*[local-name()='ScheduleByWeek']/*[local-name()='DaysOfWeek']/*"))) { $day.LocalName.ToLowerInvariant() })
    $on = @(foreach ($day in $script:LbWeekdays) { if ($names -ccontains $day) { $day } })
    if ($on.Length -eq 0) { return $other }
    return [ordered]@{ kind = 'weekly'; at = $at; on = $on; everyWeeks = [long]$weeks }
}

# Whole minutes of what XML calls a duration, such as PT15M, PT1H or P1D; null: none, or one of another kind.
function ConvertFrom-LbDuration {
    param([string]$Text)
    if ($Text.Length -eq 0) { return $null }
    try { $span = [System.Xml.XmlConvert]::ToTimeSpan($Text) } catch { return $null }
    if ($span.TotalMinutes -lt 1 -or $span.TotalMinutes -ne [System.Math]::Floor($span.TotalMinutes)) { return $null }
    return [long]$span.TotalMinutes
}

# Null: it bears nobody's mark.
function Get-LbTaskOwner {
    param([string]$Xml)
    return ConvertFrom-LbMark -Text ([string](Get-LbXmlText -Node (Open-LbTaskXml -Xml $Xml) -Path 'RegistrationInfo/Description'))
}

# The owner that the description of a task names, or that of an Agent job; null: it bears nobody's mark.
function ConvertFrom-LbMark {
    param([string]$Text)
    if (-not $Text.StartsWith($script:LbTaskMark, [System.StringComparison]::Ordinal)) { return $null }
    $parts = $Text.Substring($script:LbTaskMark.Length) -split '/', 3
    if ($parts.Length -ne 3) { return $null }
    return [ordered]@{ project = $parts[0]; stack = $parts[1]; name = $parts[2] }
}

# A task as the state of a host tells it.
function ConvertTo-LbTaskState {
    param([hashtable]$Task)
    $node = Open-LbTaskXml -Xml $Task['Xml']
    $account = Get-LbTaskAccount -Text ([string](Get-LbXmlText -Node $node -Path 'Principals/Principal/UserId'))
    $limit = ConvertFrom-LbDuration -Text ([string](Get-LbXmlText -Node $node -Path 'Settings/ExecutionTimeLimit'))
    if ($null -eq $limit) { $limit = [long]0 }
    $result = [long]$Task['LastResult']
    if ($result -lt 0) { $result += 4294967296 }
    # 0x41303: it has not yet run.
    if ($result -eq 267011) { $result = $null }
    return [ordered]@{
        name             = $Task['Name']
        account          = $account
        logon            = (Get-LbLogonText -Type ([string](Get-LbXmlText -Node $node -Path 'Principals/Principal/LogonType')) -Account $account['name'])
        highestRights    = ((Get-LbXmlText -Node $node -Path 'Principals/Principal/RunLevel') -ceq 'HighestAvailable')
        enabled          = ((Get-LbXmlText -Node $node -Path 'Settings/Enabled') -cne 'false')
        triggers         = @(Get-LbTrigger -Xml $Task['Xml'])
        startWhenMissed  = ((Get-LbXmlText -Node $node -Path 'Settings/StartWhenAvailable') -ceq 'true')
        oneAtATime       = (@($null, 'IgnoreNew') -ccontains (Get-LbXmlText -Node $node -Path 'Settings/MultipleInstancesPolicy'))
        timeLimitMinutes = $limit
        action           = [ordered]@{
            program   = [string](Get-LbXmlText -Node $node -Path 'Actions/Exec/Command')
            arguments = [string](Get-LbXmlText -Node $node -Path 'Actions/Exec/Arguments')
        }
        lastRunAt        = (ConvertTo-LbTaskTime -At $Task['LastRun'])
        lastResult       = $result
        nextRunAt        = (ConvertTo-LbTaskTime -At $Task['NextRun'])
    }
}

# The scheduler says never with a day of long ago.
function ConvertTo-LbTaskTime {
    param([datetime]$At)
    if ($At.Year -lt 2001) { return $null }
    return ConvertTo-LbInstant -At $At
}

# The scheduler keeps an account by its identifier, or by the name that was given.
function Get-LbTaskAccount {
    param([string]$Text)
    if ($Text -notmatch '^S-1-') { return [ordered]@{ name = $Text; sid = (Get-LbSid -Account $Text) } }
    $name = Get-LbAccountName -Sid $Text
    if ($null -eq $name) { return [ordered]@{ name = $Text; sid = $null } }
    return [ordered]@{ name = $name; sid = $Text }
}

function Get-LbLogonText {
    param([string]$Type, [string]$Account)
    if ($Type -cne 'Password') { return $Type }
    if ($Account.EndsWith('$', [System.StringComparison]::Ordinal)) { return 'managed' }
    return 'password'
}
