# What takes the place of Windows.ps1 where the module runs on a computer of the lab: the same functions, answered by the
# lab. What a run of a job needs is here; tasks, shares and rights are the business of the host behind the port.

function Get-LbUtcNow {
    $now = Send-LabQuestion -Question @{ ask = 'now' }
    if ($now -is [datetime]) { return $now.ToUniversalTime() }
    return [datetime]::Parse($now, [System.Globalization.CultureInfo]::InvariantCulture, [System.Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal')
}

# The lab's time moves only by command.
function Invoke-LbSleep {
    param([int]$Milliseconds)
    [System.Threading.Thread]::Sleep([System.Math]::Min($Milliseconds, 10))
}

# Whether the right to back up files was switched on.
$script:LabPastPermissions = $false

function Get-LbNativePath {
    param([string]$Path, [switch]$Change)
    $backup = $script:LabPastPermissions -and -not $Change
    return [string](Send-LabQuestion -Question @{ ask = 'path'; path = $Path; change = $Change.IsPresent; backup = $backup })
}

function Get-LbPlace {
    param([ValidateSet('data', 'agent')][string]$Name)
    if ($Name -ceq 'data') { return 'C:\ProgramData\LyncBackup' }
    return 'C:\Program Files\LyncBackup'
}

function Get-LbComputer {
    $found = Send-LabQuestion -Question @{ ask = 'computer' }
    return @{ Fqdn = $found.fqdn; Domain = $found.domain; OperatingSystem = $found.operatingSystem; TimeZone = $found.timeZone }
}

function Get-LbProduct {
    $lync = (Send-LabQuestion -Question @{ ask = 'computer' }).lync
    if ($null -eq $lync) { return }
    $names = @{ lync2013 = 'Microsoft Lync Server 2013'; sfb2015 = 'Skype for Business Server 2015'; sfb2019 = 'Skype for Business Server 2019' }
    $name = $names[$lync.product]
    if ($null -eq $name) { $name = 'Skype for Business Server Subscription Edition' }
    return @{ Name = $name; Version = $lync.version }
}

function Get-LbLocalPool {
    return (Send-LabQuestion -Question @{ ask = 'computer' }).lync.pool
}

function Get-LbFreeByte {
    param([string]$Path)
    return [long](Send-LabQuestion -Question @{ ask = 'free'; path = $Path }).freeBytes
}

function Get-LbCapacity {
    param([string]$Path)
    return [long](Send-LabQuestion -Question @{ ask = 'free'; path = $Path }).capacityBytes
}

function Get-LbSid {
    param([string]$Account)
    return Send-LabQuestion -Question @{ ask = 'sid'; account = $Account }
}

# The lab's token names its groups.
function Get-LbAccountName {
    param([string]$Sid)
    return $Sid
}

function Get-LbToken {
    $found = Send-LabQuestion -Question @{ ask = 'token' }
    return @{ Name = $found.account; Sid = $found.sid; Groups = @($found.groups) }
}

function Get-LbTask {
    param([string]$Folder)
    Write-Verbose -Message $Folder
}

function Write-LbEvent {
    param([int]$Id, [string]$Level, [string]$Message)
    Write-Verbose -Message ('{0} {1} {2}' -f $Id, $Level, $Message)
}

function Get-LbProgramPath {
    param([string]$Name)
    return $Name
}

function Invoke-LbNativeProgram {
    param([string]$Path, [string]$CommandLine, [hashtable]$Execution)
    Write-LbBeat -Execution $Execution
    $ended = Send-LabQuestion -Question @{ ask = 'program'; program = $Path; line = $CommandLine }
    return @{ ExitCode = [int]$ended.exitCode; Output = [string]$ended.output; Problems = '' }
}

# The lab executes by name; the text is for a real server.
function Invoke-LbSqlBatch {
    param([string]$Instance, [string]$Database, [string]$Statement, [string]$Text, [System.Collections.IDictionary]$Parameters, [hashtable]$Execution)
    Write-LbBeat -Execution $Execution
    Write-Verbose -Message ('{0} {1}' -f $Database, $Text.Length)
    $given = @{}
    foreach ($entry in $Parameters.GetEnumerator()) { $given[[string]$entry.Key] = $entry.Value }
    $found = Send-LabQuestion -Question @{ ask = 'sql'; instance = $Instance; statement = $Statement; parameters = $given }
    foreach ($one in $found) {
        $row = Get-LbEmptyMap
        foreach ($property in $one.PSObject.Properties) { $row[$property.Name] = ConvertTo-LbItemText -Value $property.Value }
        $row
    }
}

function Enable-LbBackupRight {
    $script:LabPastPermissions = $true
}
