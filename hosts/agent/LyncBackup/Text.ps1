# Texts, times and failures: what all other files of the module use.

# Values are compared as text, and this is the text of each: what JSON.stringify or String would say of it.
function Get-LbText {
    param($Value)
    if ($null -eq $Value) { return '' }
    if ($Value -is [string]) { return $Value }
    if ($Value -is [bool]) { if ($Value) { return 'true' } else { return 'false' } }
    if ($Value -is [datetime]) { return ConvertTo-LbInstant -At $Value }
    if ($Value -is [enum]) { return $Value.ToString() }
    if ($Value -is [double]) { return $Value.ToString('R', $script:LbInvariant) }
    if ($Value -is [System.Collections.IDictionary] -or $Value -is [array]) { return ConvertTo-LbJson -Value $Value -Compact }
    if ($Value -is [System.IFormattable]) { return $Value.ToString($null, $script:LbInvariant) }
    return $Value.ToString()
}

# Not by the rules of a language: those differ between versions of Windows.
function Test-LbSameText {
    param([string]$One, [string]$Other)
    return [string]::Equals($One, $Other, [System.StringComparison]::OrdinalIgnoreCase)
}

# In the order of the codes of their characters.
function Get-LbSorted {
    param([string[]]$Text)
    $sorted = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($one in $Text) { $sorted.Add($one) }
    $sorted.Sort([System.StringComparer]::Ordinal)
    return $sorted.ToArray()
}

function ConvertTo-LbInstant {
    param([datetime]$At)
    return $At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", $script:LbInvariant)
}

function ConvertFrom-LbInstant {
    param([string]$Text)
    $styles = [System.Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal'
    return [datetime]::ParseExact($Text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", $script:LbInvariant, $styles)
}

function Get-LbNow {
    return ConvertTo-LbInstant -At (Get-LbUtcNow)
}

function Get-LbSha256 {
    param([byte[]]$Bytes)
    $algorithm = [System.Security.Cryptography.SHA256]::Create()
    try { return ConvertTo-LbHexadecimal -Bytes ($algorithm.ComputeHash($Bytes)) } finally { $algorithm.Dispose() }
}

function ConvertTo-LbHexadecimal {
    param([byte[]]$Bytes)
    return [System.BitConverter]::ToString($Bytes).Replace('-', '').ToLowerInvariant()
}

# An exception that carries a code for programs and advice for people. To be thrown by the caller.
function Get-LbFailure {
    param([string]$Code, [string]$Message, [string]$Advice = '')
    $exception = New-Object -TypeName System.InvalidOperationException -ArgumentList $Message
    $exception.Data['LbCode'] = $Code
    $exception.Data['LbAdvice'] = $Advice
    return $exception
}

# What an error says, as the failure of a document.
function ConvertTo-LbFailure {
    param([System.Management.Automation.ErrorRecord]$ErrorRecord)
    $exception = Get-LbCause -Exception $ErrorRecord.Exception
    if ($exception.Data.Contains('LbCode')) {
        $failure = [ordered]@{ code = [string]$exception.Data['LbCode']; message = $exception.Message }
        $advice = [string]$exception.Data['LbAdvice']
        if ($advice.Length -gt 0) { $failure['advice'] = $advice }
        return $failure
    }
    $message = $exception.Message
    if ([string]::IsNullOrEmpty($message)) { $message = $exception.GetType().FullName }
    return [ordered]@{ code = (Get-LbFileErrorCode -Exception $exception); message = $message }
}

# PowerShell wraps what .NET throws, and what scripts throw there again; what is ours is found however deep it lies.
function Get-LbCause {
    param([System.Exception]$Exception)
    $cause = $Exception
    for ($inner = $Exception; $null -ne $inner; $inner = $inner.InnerException) {
        if ($inner.Data.Contains('LbCode')) { return $inner }
        if ($inner -isnot [System.Management.Automation.ExtendedTypeSystemException] -and
            $inner -isnot [System.Reflection.TargetInvocationException]) { break }
        if ($null -ne $inner.InnerException) { $cause = $inner.InnerException }
    }
    return $cause
}

function Get-LbFileErrorCode {
    param([System.Exception]$Exception)
    if ($Exception -is [System.UnauthorizedAccessException]) { return 'access-denied' }
    if ($Exception -is [System.IO.FileNotFoundException] -or $Exception -is [System.IO.DirectoryNotFoundException]) { return 'path-not-found' }
    if ($Exception -is [System.IO.PathTooLongException]) { return 'path-too-long' }
    if ($Exception -is [System.IO.IOException]) {
        # The lower half is the error of Windows: 53, 67: the network path or name was not found; 39, 112: the disk is full; 32, 33: another process has it.
        $windows = $Exception.HResult -band 0xFFFF
        if ($windows -eq 53 -or $windows -eq 67) { return 'network-path-not-found' }
        if ($windows -eq 39 -or $windows -eq 112) { return 'disk-full' }
        if ($windows -eq 32 -or $windows -eq 33) { return 'in-use' }
    }
    return 'internal'
}
