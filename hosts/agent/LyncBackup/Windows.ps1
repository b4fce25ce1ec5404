# Everything that exists on Windows only, one small function per call. The lab and the tests replace this file, and
# nothing else. Nothing is decided here.

function Get-LbUtcNow {
    return [datetime]::UtcNow
}

function Invoke-LbSleep {
    param([int]$Milliseconds)
    [System.Threading.Thread]::Sleep($Milliseconds)
}

# As .NET opens it. -Change: it is going to be written.
function Get-LbNativePath {
    param([string]$Path, [switch]$Change)
    if ($Change -and $Path.Length -ge 260) {
        throw (Get-LbFailure -Code 'path-too-long' -Message ('{0} is longer than 259 characters.' -f $Path))
    }
    return $Path
}

function Get-LbPlace {
    param([ValidateSet('data', 'agent')][string]$Name)
    if ($Name -ceq 'data') { return $env:ProgramData.TrimEnd('\') + '\LyncBackup' }
    return $env:ProgramFiles.TrimEnd('\') + '\LyncBackup'
}

function Get-LbComputer {
    $system = Get-CimInstance -ClassName Win32_ComputerSystem
    $windows = Get-CimInstance -ClassName Win32_OperatingSystem
    $name = $system.DNSHostName
    $domain = $null
    if ($system.PartOfDomain) {
        $domain = $system.Domain.ToLowerInvariant()
        $name = $name + '.' + $domain
    }
    return @{
        Fqdn            = $name.ToLowerInvariant()
        Domain          = $domain
        OperatingSystem = $windows.Caption.Trim()
        TimeZone        = [System.TimeZoneInfo]::Local.Id
    }
}

# As the setup of the product has registered it; null: it is not installed.
function Get-LbProduct {
    $keys = Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*' -ErrorAction SilentlyContinue
    foreach ($key in @($keys)) {
        $shown = $key.PSObject.Properties['DisplayName']
        $version = $key.PSObject.Properties['DisplayVersion']
        if ($null -eq $shown -or $null -eq $version) { continue }
        if ($shown.Value -match '^(Microsoft Lync Server 2013|Skype for Business Server (2015|2019|Subscription Edition)), Core Components') {
            return @{ Name = [string]$shown.Value; Version = [string]$version.Value }
        }
    }
}

# Null: it is a server of no pool, or its own copy of the configuration cannot be read.
function Get-LbLocalPool {
    try {
        $computer = @(Get-CsComputer -Local -ErrorAction Stop)
        if ($computer.Length -eq 0) { return $null }
        return ([string]$computer[0].Pool).ToLowerInvariant()
    } catch { return $null }
}

function Get-LbVolume {
    foreach ($disk in @(Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType = 3')) {
        @{ Drive = [string]$disk.DeviceID; FreeBytes = [long]$disk.FreeSpace }
    }
}

# The drives that BitLocker protects; it needs an administrator.
function Get-LbProtectedDrive {
    try {
        $volumes = @(Get-CimInstance -Namespace 'root\cimv2\Security\MicrosoftVolumeEncryption' -ClassName Win32_EncryptableVolume -ErrorAction Stop)
    } catch {
        # There is no such namespace: BitLocker is not installed, and protects nothing.
        if ($_.FullyQualifiedErrorId -match '0x8004100e') { return }
        throw
    }
    foreach ($volume in $volumes) { if ($volume.ProtectionStatus -eq 1) { [string]$volume.DriveLetter } }
}

# Of a share too.
function Get-LbFreeByte {
    param([string]$Path)
    $files = New-Object -ComObject Scripting.FileSystemObject
    return [long]$files.GetDrive($files.GetDriveName($Path)).AvailableSpace
}

function Get-LbCapacity {
    param([string]$Path)
    $files = New-Object -ComObject Scripting.FileSystemObject
    return [long]$files.GetDrive($files.GetDriveName($Path)).TotalSize
}

function Test-LbEncryptedFolder {
    param([string]$Path)
    return ([System.IO.File]::GetAttributes($Path) -band [System.IO.FileAttributes]::Encrypted) -ne 0
}

# Null: there is no such account.
function Get-LbSid {
    param([string]$Account)
    try {
        $name = New-Object -TypeName System.Security.Principal.NTAccount -ArgumentList $Account
        return $name.Translate([System.Security.Principal.SecurityIdentifier]).Value
    } catch { return $null }
}

# Null: no account has it any more.
function Get-LbAccountName {
    param([string]$Sid)
    try {
        $identifier = New-Object -TypeName System.Security.Principal.SecurityIdentifier -ArgumentList $Sid
        return $identifier.Translate([System.Security.Principal.NTAccount]).Value
    } catch { return $null }
}

# The account that this process runs as, with its groups as its own token has them.
function Get-LbToken {
    $identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
    $groups = @(foreach ($group in $identity.Groups) { $group.Value })
    return @{ Name = $identity.Name; Sid = $identity.User.Value; Groups = $groups }
}

# Whether a group-managed service account can be used on this computer; null where only a logon would tell.
function Test-LbManagedAccount {
    param([string]$Account)
    if ($null -eq (Get-Command -Name Test-ADServiceAccount -ErrorAction SilentlyContinue)) { return $null }
    $name = $Account.Substring($Account.IndexOf('\') + 1).TrimEnd('$')
    return [bool](Test-ADServiceAccount -Identity $name -ErrorAction SilentlyContinue -WarningAction SilentlyContinue)
}

function Get-LbTaskFolder {
    param([string]$Path, [switch]$Create)
    $service = New-Object -ComObject Schedule.Service
    [void]$service.Connect()
    try { return $service.GetFolder($Path) }
    catch {
        if (-not $Create) { return $null }
        return $service.GetFolder('\').CreateFolder($Path.TrimStart('\'))
    }
}

# The tasks in a folder, each as XML with what the scheduler knows of it.
function Get-LbTask {
    param([string]$Folder)
    $found = Get-LbTaskFolder -Path $Folder
    if ($null -eq $found) { return }
    foreach ($task in $found.GetTasks(1)) {
        @{
            Name       = [string]$task.Name
            Xml        = [string]$task.Xml
            LastRun    = [datetime]$task.LastRunTime
            LastResult = [int]$task.LastTaskResult
            NextRun    = [datetime]$task.NextRunTime
        }
    }
}

# 6: create or update. 1: with a password, or a managed account that needs none.
function Register-LbTask {
    param([string]$Folder, [string]$Name, [string]$Xml, [string]$Account, [string]$Secret)
    $found = Get-LbTaskFolder -Path $Folder -Create
    $given = $null
    if ($Secret.Length -gt 0) { $given = $Secret }
    [void]$found.RegisterTask($Name, $Xml, 6, $Account, $given, 1)
}

function Unregister-LbTask {
    param([string]$Folder, [string]$Name)
    $found = Get-LbTaskFolder -Path $Folder
    if ($null -eq $found) { return }
    foreach ($task in $found.GetTasks(1)) { if ($task.Name -eq $Name) { [void]$found.DeleteTask($Name, 0) } }
}

function Invoke-LbTask {
    param([string]$Folder, [string]$Name)
    $found = Get-LbTaskFolder -Path $Folder
    [void]$found.GetTask($Name).Run($null)
}

# Every share with its access; the type is 0 for a folder, and 2147483648 more for an administrative one.
function Get-LbShare {
    foreach ($share in @(Get-CimInstance -ClassName Win32_Share -Filter 'Type = 0')) {
        $query = "Name = '" + ([string]$share.Name).Replace('\', '\\').Replace("'", "\'") + "'"
        $setting = @(Get-CimInstance -ClassName Win32_LogicalShareSecuritySetting -Filter $query)
        $access = @()
        if ($setting.Length -gt 0) {
            $answer = Invoke-CimMethod -InputObject $setting[0] -MethodName GetSecurityDescriptor
            # Without a list everybody may do everything.
            $access = @(foreach ($entry in @($answer.Descriptor.DACL)) {
                    if ($null -eq $entry) { @{ Sid = 'S-1-1-0'; Mask = [long]2032127; Allows = $true }; continue }
                    @{ Sid = [string]$entry.Trustee.SIDString; Mask = [long]$entry.AccessMask; Allows = ($entry.AceType -eq 0) }
                })
        }
        @{ Name = [string]$share.Name; Path = [string]$share.Path; Access = $access }
    }
}

# The access of a folder, without what it inherits.
function Get-LbFolderAccess {
    param([string]$Path)
    $list = Get-Acl -LiteralPath $Path
    foreach ($rule in $list.GetAccessRules($true, $false, [System.Security.Principal.SecurityIdentifier])) {
        @{
            Sid    = [string]$rule.IdentityReference.Value
            Mask   = [long][int]$rule.FileSystemRights
            Allows = ($rule.AccessControlType -eq [System.Security.AccessControl.AccessControlType]::Allow)
        }
    }
}

# These entries and no others, for all that is in it too. Rights: FullControl, Modify, ReadAndExecute.
function Write-LbFolderAccess {
    param([string]$Path, [object[]]$Entry)
    $list = New-Object -TypeName System.Security.AccessControl.DirectorySecurity
    $list.SetAccessRuleProtection($true, $false)
    foreach ($one in $Entry) {
        $sid = New-Object -TypeName System.Security.Principal.SecurityIdentifier -ArgumentList $one['Sid']
        $rule = New-Object -TypeName System.Security.AccessControl.FileSystemAccessRule -ArgumentList @(
            $sid, [System.Security.AccessControl.FileSystemRights]$one['Right'],
            [System.Security.AccessControl.InheritanceFlags]'ContainerInherit, ObjectInherit',
            [System.Security.AccessControl.PropagationFlags]::None, [System.Security.AccessControl.AccessControlType]::Allow)
        $list.AddAccessRule($rule)
    }
    Set-Acl -LiteralPath $Path -AclObject $list
}

# The folder gets the access of the folder that it is in.
function Clear-LbFolderAccess {
    param([string]$Path)
    $list = New-Object -TypeName System.Security.AccessControl.DirectorySecurity
    $list.SetAccessRuleProtection($false, $false)
    Set-Acl -LiteralPath $Path -AclObject $list
}

# It needs an administrator, and is done where the module is installed.
function Register-LbEventSource {
    if (-not [System.Diagnostics.EventLog]::SourceExists('LyncBackup')) { [System.Diagnostics.EventLog]::CreateEventSource('LyncBackup', 'Application') }
}

# Id 100: a run has ended well, or was for another host; 200: it has failed; 201: it could not begin.
function Write-LbEvent {
    param([int]$Id, [ValidateSet('Information', 'Error')][string]$Level, [string]$Message)
    $text = $Message
    if ($text.Length -gt 30000) { $text = $text.Substring(0, 30000) }
    [System.Diagnostics.EventLog]::WriteEntry('LyncBackup', $text, [System.Diagnostics.EventLogEntryType]$Level, $Id)
}

function Get-LbServiceList {
    foreach ($one in @(Get-CimInstance -ClassName Win32_Service)) { @{ Name = [string]$one.Name; State = ([string]$one.State).ToLowerInvariant() } }
}

# In UTC, over the protocol that every Windows answers to administrators.
function Get-LbClockOf {
    param([string]$Computer)
    $session = New-CimSession -ComputerName $Computer -SessionOption (New-CimSessionOption -Protocol Dcom) -ErrorAction Stop
    try {
        $windows = Get-CimInstance -CimSession $session -ClassName Win32_OperatingSystem -ErrorAction Stop
        return ([datetime]$windows.LocalDateTime).ToUniversalTime()
    } finally { Remove-CimSession -CimSession $session }
}

# The right to look past permissions is in the token of who may back up files, and has to be switched on.
function Enable-LbBackupRight {
    if ($null -eq ('LyncBackup.Token' -as [type])) {
        Add-Type -Namespace LyncBackup -Name Token -MemberDefinition @'
[DllImport("ntdll.dll")] public static extern int RtlAdjustPrivilege(int privilege, bool enable, bool thread, out bool before);
public static bool Set(int privilege, bool enable) { bool before; return RtlAdjustPrivilege(privilege, enable, false, out before) == 0; }
'@
    }
    # 17: SeBackupPrivilege. 18: SeRestorePrivilege, without which robocopy refuses backup mode; nothing here needs it on.
    if (-not [LyncBackup.Token]::Set(17, $true) -or -not [LyncBackup.Token]::Set(18, $false)) {
        $advice = 'Make it a member of Backup Operators, on this computer and on the file server.'
        throw (Get-LbFailure -Code 'access-denied' -Message 'The account does not have the rights to back up and to restore files, which backup mode takes.' -Advice $advice)
    }
}

# What the certificates of the computer say of themselves.
function Get-LbCertificate {
    foreach ($one in @(Get-ChildItem -Path 'Cert:\LocalMachine\My')) {
        @{ Thumbprint = [string]$one.Thumbprint; Subject = [string]$one.Subject; NotAfter = [datetime]$one.NotAfter; HasKey = [bool]$one.HasPrivateKey }
    }
}

# Where a program lies.
function Get-LbProgramPath {
    param([string]$Name)
    return $env:SystemRoot.TrimEnd('\') + '\System32\' + $Name
}

# Starts a program and answers when it has ended. The text of the command line is made in one other place.
function Invoke-LbNativeProgram {
    param([string]$Path, [string]$CommandLine, [hashtable]$Execution)
    $start = New-Object -TypeName System.Diagnostics.ProcessStartInfo
    $start.FileName = $Path
    $start.Arguments = $CommandLine
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $process = [System.Diagnostics.Process]::Start($start)
    try {
        $output = $process.StandardOutput.ReadToEndAsync()
        $problems = $process.StandardError.ReadToEndAsync()
        while (-not $process.WaitForExit(1000)) { Write-LbBeat -Execution $Execution }
        $process.WaitForExit()
        return @{ ExitCode = $process.ExitCode; Output = [string]$output.Result; Problems = [string]$problems.Result }
    } finally {
        if (-not $process.HasExited) { $process.Kill() }
        $process.Dispose()
    }
}

# One batch with its parameters; every row of every result, as text or null.
function Invoke-LbSqlBatch {
    param([string]$Instance, [string]$Database, [string]$Statement, [string]$Text, [System.Collections.IDictionary]$Parameters, [hashtable]$Execution)
    $builder = New-Object -TypeName System.Data.SqlClient.SqlConnectionStringBuilder
    $builder['Data Source'] = $Instance
    $builder['Initial Catalog'] = $Database
    $builder['Integrated Security'] = $true
    $builder['Application Name'] = 'lync-backup ' + $Statement
    $builder['Pooling'] = $false
    $connection = New-Object -TypeName System.Data.SqlClient.SqlConnection -ArgumentList ($builder.get_ConnectionString())
    try {
        $connection.Open()
        $command = $connection.CreateCommand()
        $command.CommandText = $Text
        # The time limit is that of the step.
        $command.CommandTimeout = 0
        foreach ($entry in $Parameters.GetEnumerator()) { Add-LbSqlParameter -Command $command -Name ([string]$entry.Key) -Value $entry.Value }
        $waiting = $command.BeginExecuteReader()
        try {
            while (-not $waiting.AsyncWaitHandle.WaitOne(1000)) { Write-LbBeat -Execution $Execution }
        } catch {
            $command.Cancel()
            throw
        }
        $reader = $command.EndExecuteReader($waiting)
        try { Read-LbSqlRow -Reader $reader } finally { $reader.Dispose() }
    } finally { $connection.Dispose() }
}

function Add-LbSqlParameter {
    param($Command, [string]$Name, $Value)
    if ($Value -is [long] -or $Value -is [int]) {
        $type = [System.Data.SqlDbType]::BigInt
        if ($Value -le 2147483647 -and $Value -ge -2147483648) { $type = [System.Data.SqlDbType]::Int }
        $number = $Command.Parameters.Add('@' + $Name, $type)
        $number.Value = $Value
        return
    }
    $parameter = $Command.Parameters.Add('@' + $Name, [System.Data.SqlDbType]::NVarChar, 4000)
    if ($null -eq $Value) { $parameter.Value = [System.DBNull]::Value } else { $parameter.Value = Get-LbText -Value $Value }
}

function Read-LbSqlRow {
    param($Reader)
    do {
        while ($Reader.Read()) {
            $row = Get-LbEmptyMap
            for ($column = 0; $column -lt $Reader.FieldCount; $column++) {
                $value = $Reader.GetValue($column)
                if ($value -is [System.DBNull]) { $value = $null }
                elseif ($value -is [byte[]]) { $value = '0x' + (ConvertTo-LbHexadecimal -Bytes $value) }
                elseif ($value -is [datetime]) { $value = $value.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", $script:LbInvariant) }
                else { $value = Get-LbText -Value $value }
                $row[$Reader.GetName($column)] = $value
            }
            $row
        }
    } while ($Reader.NextResult())
}
