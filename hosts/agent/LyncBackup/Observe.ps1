# What Windows tells about a computer, an account or a folder: preflight and probes are made of these. Facts only; what
# they mean, whoever asked decides.

function Invoke-LbObserve {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $what = [string]$Step['what']
    $path = $null
    $against = $null
    if ($null -ne $Step['path']) { $path = Resolve-LbTextValue -Execution $Execution -Value $Step['path'] }
    if ($null -ne $Step['against']) { $against = Resolve-LbTextValue -Execution $Execution -Value $Step['against'] }
    if ($null -eq $path -and @('folder', 'read-back', 'free-space') -ccontains $what) { throw (Get-LbStepFailure -Code 'no-path' -Say 'noPath' -With @($what)) }
    $facts = Get-LbFact -Execution $Execution -What $what -Path $path -Against $against
    $shown = $what.Replace('-', ' ')
    $message = Get-LbMessage -Name 'observed' -With @($shown)
    if ($null -ne $path) { $message = Get-LbMessage -Name 'observedAt' -With @($shown, $path) }
    return Get-LbDone -Message $message -Data ([ordered]@{ facts = $facts })
}

function Get-LbFact {
    param([hashtable]$Execution, [string]$What, $Path, $Against)
    switch -CaseSensitive ($What) {
        'computer' { return Get-LbComputerFact }
        'token' { return Get-LbTokenFact -Against $Against }
        'module' { return Get-LbModuleFact }
        'managed-account' {
            if ($null -eq $Against) { return Get-LbManagedFact -Account $Execution['Job']['account'] }
            return Get-LbManagedFact -Account $Against
        }
        'folder' { return Get-LbFolderFact -Path $Path }
        'read-back' { return Get-LbReadBackFact -Path $Path -Run $Execution['Run']['id'] }
        'free-space' { return [ordered]@{ path = $Path; freeBytes = [long](Get-LbFreeByte -Path $Path); capacityBytes = [long](Get-LbCapacity -Path $Path) } }
        'clock' {
            if ($null -eq $Against) { return Get-LbClockFact -Computer $Execution['Host'] }
            return Get-LbClockFact -Computer $Against
        }
        'certificates' { return Get-LbCertificateFact }
        'services' { return [ordered]@{ services = @(foreach ($one in @(Get-LbServiceList)) { [ordered]@{ name = $one['Name']; state = $one['State'] } }) } }
    }
    throw (Get-LbStepFailure -Code 'unknown-step' -Say 'unknownKind' -With @($What) -Advise 'unknownKindAdvice')
}

function Get-LbComputerFact {
    $computer = Get-LbComputer
    $lync = Get-LbLync
    $facts = [ordered]@{
        fqdn = $computer['Fqdn']; domain = $computer['Domain']; operatingSystem = $computer['OperatingSystem']
        powershell = '{0}.{1}' -f $PSVersionTable.PSVersion.Major, $PSVersionTable.PSVersion.Minor
        timeZone = $computer['TimeZone']; product = $null; version = $null; pool = $null
    }
    if ($null -ne $lync) { foreach ($field in @('product', 'version', 'pool')) { $facts[$field] = $lync[$field] } }
    return $facts
}

# What the account of this very logon has, not what the directory would give it at the next.
function Get-LbTokenFact {
    param($Against)
    $token = Get-LbToken
    $names = [string[]]@(foreach ($sid in $token['Groups']) {
            $name = Get-LbAccountName -Sid $sid
            if ($null -eq $name) { $sid } else { $name }
        })
    $facts = [ordered]@{ account = $token['Name']; sid = $token['Sid']; groups = @(Get-LbSorted -Text $names) }
    if ($null -eq $Against) { return $facts }
    $facts['has'] = $false
    foreach ($name in $names) {
        $ends = $name.EndsWith('\' + $Against, [System.StringComparison]::OrdinalIgnoreCase)
        if ($ends -or (Test-LbSameText -One $name -Other $Against)) { $facts['has'] = $true }
    }
    return $facts
}

function Get-LbModuleFact {
    $agent = Get-LbAgent
    if ($null -eq $agent) { return [ordered]@{ installed = $false; version = $null; files = [ordered]@{} } }
    return [ordered]@{ installed = $true; version = $agent['version']; files = $agent['files'] }
}

# Installed is null where only a logon would tell.
function Get-LbManagedFact {
    param([string]$Account)
    $exists = $null -ne (Get-LbSid -Account $Account)
    $managed = $exists -and $Account.EndsWith('$', [System.StringComparison]::Ordinal)
    $installed = $false
    if ($managed) { $installed = Test-LbManagedAccount -Account $Account }
    return [ordered]@{ account = $Account; exists = $exists; managed = $managed; installed = $installed }
}

function Get-LbFolderFact {
    param([string]$Path)
    $facts = [ordered]@{ path = $Path; exists = $false; readable = $false; writable = $false; error = $null }
    try {
        $facts['exists'] = Test-LbFolder -Path $Path
        if (-not $facts['exists']) { return $facts }
        [void]@(Get-LbNameIn -Path $Path)
        $facts['readable'] = $true
        $probe = Join-LbPath -Path $Path -Child ('.lync-backup-' + [guid]::NewGuid().ToString('n'))
        Write-LbFile -Path $probe -Text ''
        Clear-LbPath -Path $probe
        $facts['writable'] = $true
    } catch { $facts['error'] = (ConvertTo-LbFailure -ErrorRecord $_)['message'] }
    return $facts
}

# A small file of its own is written, read, compared and removed.
function Get-LbReadBackFact {
    param([string]$Path, [string]$Run)
    $facts = [ordered]@{ path = $Path; same = $false; error = $null }
    $probe = Join-LbPath -Path $Path -Child ($Run + '.probe')
    $text = 'lync-backup ' + $Run + "`n"
    try {
        if (-not (Test-LbFolder -Path $Path)) { throw (Get-LbStepFailure -Code 'path-not-found' -Say 'noFolder' -With @($Path)) }
        Write-LbFile -Path $probe -Text $text
        $facts['same'] = (Read-LbFile -Path $probe) -ceq $text
        Clear-LbPath -Path $probe
    } catch { $facts['error'] = (ConvertTo-LbFailure -ErrorRecord $_)['message'] }
    return $facts
}

# Seconds by which this clock is ahead of that of the other computer.
function Get-LbClockFact {
    param([string]$Computer)
    try { $theirs = Get-LbClockOf -Computer $Computer }
    catch { throw (Get-LbStepFailure -Code 'network-path-not-found' -Say 'noClock' -With @($Computer)) }
    $now = Get-LbUtcNow
    return [ordered]@{ now = (ConvertTo-LbInstant -At $now); reference = $Computer; skewSeconds = [long][System.Math]::Round(($now - $theirs).TotalSeconds) }
}

function Get-LbCertificateFact {
    $certificates = @(foreach ($one in @(Get-LbCertificate)) {
            [ordered]@{ thumbprint = $one['Thumbprint']; subject = $one['Subject']; notAfter = (ConvertTo-LbInstant -At $one['NotAfter']); hasPrivateKey = $one['HasKey'] }
        })
    return [ordered]@{ certificates = $certificates }
}
