# One question to the lab, one answer. It listens on this computer; where, and its key, stand in the environment.

function Send-LabQuestion {
    param([hashtable]$Question)
    $Question['key'] = $env:LYNC_BACKUP_SIMULATOR_KEY
    $client = New-Object -TypeName System.Net.Sockets.TcpClient -ArgumentList '127.0.0.1', ([int]$env:LYNC_BACKUP_SIMULATOR_PORT)
    try {
        $stream = $client.GetStream()
        $bytes = [System.Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $Question -Depth 20 -Compress))
        $stream.Write($bytes, 0, $bytes.Length)
        $client.Client.Shutdown([System.Net.Sockets.SocketShutdown]::Send)
        $reader = New-Object -TypeName System.IO.StreamReader -ArgumentList $stream, ([System.Text.Encoding]::UTF8)
        # A time stays the text that it is, where PowerShell would make something else of it.
        $reading = @{ InputObject = $reader.ReadToEnd() }
        if ((Get-Command -Name ConvertFrom-Json).Parameters.ContainsKey('DateKind')) { $reading['DateKind'] = 'String' }
        $answer = ConvertFrom-Json @reading
    } finally { $client.Dispose() }
    if ($answer.ok) { return , $answer.found }
    $exception = New-Object -TypeName System.InvalidOperationException -ArgumentList ([string]$answer.message)
    $exception.Data['LbCode'] = [string]$answer.code
    $exception.Data['LbAdvice'] = ''
    if ($null -ne $answer.PSObject.Properties['advice']) { $exception.Data['LbAdvice'] = [string]$answer.advice }
    throw $exception
}

function Invoke-LabCmdlet {
    param([string]$Name, [System.Collections.IDictionary]$Bound)
    $parameters = @{}
    foreach ($entry in $Bound.GetEnumerator()) {
        $value = $entry.Value
        if ($value -is [switch]) { $value = $value.IsPresent }
        if ($entry.Key -ne 'ErrorAction') { $parameters[[string]$entry.Key] = $value }
    }
    $found = Send-LabQuestion -Question @{ ask = 'cmdlet'; name = $Name; parameters = $parameters }
    foreach ($one in $found) { $one }
}
