# The near end of WinRM, in the PowerShell of this desk: a session to the host, and calls through it. It asks for no
# delegation; what has to go on to other computers is a task on the host.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

function Open-LyncBackupRemote {
    param([string]$Settings)
    $text = [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($Settings))
    $wanted = ConvertFrom-Json -InputObject $text
    $parameters = @{ ComputerName = $wanted.computer; Authentication = 'Kerberos' }
    if ($wanted.tls) { $parameters['UseSSL'] = $true }
    if ($wanted.port -gt 0) { $parameters['Port'] = [int]$wanted.port }
    if ($wanted.thumbprint -cne '') {
        $parameters.Remove('Authentication')
        $parameters['CertificateThumbprint'] = $wanted.thumbprint
    } elseif ($wanted.user -cne '') {
        $parameters['Authentication'] = 'Negotiate'
        $secret = New-Object -TypeName System.Security.SecureString
        foreach ($character in $wanted.secret.ToCharArray()) { $secret.AppendChar($character) }
        $parameters['Credential'] = New-Object -TypeName System.Management.Automation.PSCredential -ArgumentList $wanted.user, $secret
    }
    $script:remote = New-PSSession @parameters
    Invoke-Command -Session $script:remote -ArgumentList $wanted.module -ScriptBlock {
        param([string]$Text)
        $ProgressPreference = 'SilentlyContinue'
        $bytes = New-Object -TypeName System.IO.MemoryStream -ArgumentList (, [System.Convert]::FromBase64String($Text))
        $plain = New-Object -TypeName System.IO.Compression.GZipStream -ArgumentList $bytes, ([System.IO.Compression.CompressionMode]::Decompress)
        $reader = New-Object -TypeName System.IO.StreamReader -ArgumentList $plain, ([System.Text.Encoding]::UTF8)
        $null = New-Module -Name LyncBackup -ScriptBlock ([scriptblock]::Create($reader.ReadToEnd()))
    }
}

function Invoke-LyncBackupCall {
    param([string]$Call)
    $answer = Invoke-Command -Session $script:remote -ArgumentList $Call -ScriptBlock {
        param([string]$Text)
        Invoke-LyncBackupCall -Call $Text -AsText
    }
    [System.Console]::Out.WriteLine([string]$answer)
    [System.Console]::Out.Flush()
}
