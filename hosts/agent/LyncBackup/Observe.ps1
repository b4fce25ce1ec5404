# What Windows tells about a computer, an account or a folder: preflight and probes are made of these. Facts only; what
# they mean, whoever asked decides.

function Invoke-LbObserve {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $path = ''
    if ($null -ne $Step['path']) { $path = Resolve-LbTextValue -Execution $Execution -Value $Step['path'] }
    $against = ''
    if ($null -ne $Step['against']) { $against = Resolve-LbTextValue -Execution $Execution -Value $Step['against'] }
    $facts = Get-LbFact -What $Step['what'] -Path $path -Against $against
    $message = Get-LbMessage -Name 'observed' -With @($Step['title'], @($facts.get_Keys()).Length)
    return Get-LbDone -Message $message -Data ([ordered]@{ facts = $facts })
}

function Get-LbFact {
    param([string]$What, [string]$Path, [string]$Against)
    switch -CaseSensitive ($What) {
        'computer' { return Get-LbComputerFact }
        'token' { return Get-LbTokenFact }
        'module' { return Get-LbModuleFact }
        'managed-account' { return [ordered]@{ account = $Against; usable = (Test-LbManagedAccount -Account $Against) } }
        'folder' { return Get-LbFolderFact -Path $Path }
        'read-back' { return Get-LbReadBackFact -Path $Path }
        'free-space' { return [ordered]@{ path = $Path; freeBytes = [long](Get-LbFreeByte -Path $Path) } }
        'clock' { return Get-LbClockFact -Against $Against }
        'certificates' { return Get-LbCertificateFact }
        'services' { return Get-LbServiceFact -Name $Against }
    }
    throw (Get-LbStepFailure -Code 'not-available' -Say 'notYet' -With @($What))
}

function Get-LbComputerFact {
    $computer = Get-LbComputer
    $facts = [ordered]@{
        host = $computer['Fqdn']; domain = $computer['Domain']; operatingSystem = $computer['OperatingSystem']; timeZone = $computer['TimeZone']
        powershell = $PSVersionTable.PSVersion.ToString(); product = $null; version = $null
    }
    $product = Get-LbProduct
    if ($null -ne $product) {
        $facts['product'] = $product['Name']
        $facts['version'] = $product['Version']
    }
    return $facts
}

# The groups as the account's own token has them: a membership counts from the next logon on.
function Get-LbTokenFact {
    $token = Get-LbToken
    $names = @(foreach ($sid in $token['Groups']) {
            $name = Get-LbAccountName -Sid $sid
            if ($null -eq $name) { $sid } else { $name }
        })
    return [ordered]@{ account = $token['Name']; sid = $token['Sid']; groups = $names; groupSids = $token['Groups'] }
}

function Get-LbModuleFact {
    $agent = Get-LbAgent
    if ($null -eq $agent) { return [ordered]@{ installed = $false } }
    return [ordered]@{ installed = $true; version = $agent['version']; files = $agent['files'] }
}

function Get-LbFolderFact {
    param([string]$Path)
    return [ordered]@{ path = $Path; exists = (Test-LbFolder -Path $Path); entries = @(Get-LbNameIn -Path $Path).Length }
}

# Writes a small file, reads it, compares it and removes it: what a job account must be able to do.
function Get-LbReadBackFact {
    param([string]$Path)
    $facts = [ordered]@{ path = $Path; writable = $false; readable = $false; removable = $false; problem = $null }
    $file = Join-LbPath -Path $Path -Child ('.lync-backup-' + [guid]::NewGuid().ToString('n'))
    $text = [guid]::NewGuid().ToString()
    try {
        if (-not (Test-LbFolder -Path $Path)) { throw (Get-LbStepFailure -Code 'target-gone' -Say 'targetGone' -With @($Path)) }
        Write-LbFile -Path $file -Text $text
        $facts['writable'] = $true
        $facts['readable'] = ((Read-LbFile -Path $file) -ceq $text)
        Clear-LbPath -Path $file
        $facts['removable'] = $true
    } catch { $facts['problem'] = (ConvertTo-LbFailure -ErrorRecord $_)['message'] }
    return $facts
}

# Seconds by which this clock is ahead of the moment that it is compared with.
function Get-LbClockFact {
    param([string]$Against)
    $now = Get-LbUtcNow
    $facts = [ordered]@{ now = (ConvertTo-LbInstant -At $now); timeZone = (Get-LbComputer)['TimeZone'] }
    if ($Against.Length -gt 0) { $facts['aheadSeconds'] = [long][System.Math]::Round(($now - (ConvertFrom-LbInstant -Text $Against)).TotalSeconds) }
    return $facts
}

function Get-LbCertificateFact {
    $certificates = @(foreach ($one in @(Get-LbCertificate)) {
            [ordered]@{ thumbprint = $one['Thumbprint']; subject = $one['Subject']; notAfter = (ConvertTo-LbInstant -At $one['NotAfter']); hasPrivateKey = $one['HasKey'] }
        })
    return [ordered]@{ certificates = $certificates }
}

function Get-LbServiceFact {
    param([string]$Name)
    $computer = (Get-LbComputer)['Fqdn']
    $found = Get-LbService -Computer $computer -Name $Name
    if ($null -eq $found) { return [ordered]@{ service = $Name; status = 'missing' } }
    return [ordered]@{ service = $Name; status = $found['Status'] }
}
