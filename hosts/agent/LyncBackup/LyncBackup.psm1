Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Get-LyncBackupFileHash {
    <#
    .SYNOPSIS
    The SHA-256 of a file as lower-case hexadecimal digits.
    .DESCRIPTION
    Get-FileHash does not exist before Windows PowerShell 4.0, so the stream is hashed by .NET.
    .PARAMETER Path
    The full path of the file.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string]$Path
    )
    $algorithm = [Security.Cryptography.SHA256]::Create()
    try {
        $stream = [IO.File]::OpenRead($Path)
        try {
            $bytes = $algorithm.ComputeHash($stream)
        } finally {
            $stream.Dispose()
        }
    } finally {
        $algorithm.Dispose()
    }
    return [BitConverter]::ToString($bytes).Replace('-', '').ToLowerInvariant()
}

function Get-LyncBackupAgent {
    <#
    .SYNOPSIS
    Tells which module lies here: its version, and the hash of each of its files.
    .DESCRIPTION
    The provider compares these with the files of its own release, so that an altered module is found. The answer is
    the member `agent` of the host-state document, without its owner.
    .EXAMPLE
    Get-LyncBackupAgent | ConvertTo-Json -Depth 20
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param()
    $files = [ordered]@{}
    foreach ($file in @(Get-ChildItem -LiteralPath $PSScriptRoot -File | Sort-Object -Property Name)) {
        $files[$file.Name] = Get-LyncBackupFileHash -Path $file.FullName
    }
    $manifest = Test-ModuleManifest -Path (Join-Path -Path $PSScriptRoot -ChildPath 'LyncBackup.psd1')
    return [pscustomobject]@{
        version = $manifest.Version.ToString()
        files   = $files
    }
}

Export-ModuleMember -Function 'Get-LyncBackupAgent'
