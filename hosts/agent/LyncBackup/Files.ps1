# Files. Paths are those of Windows everywhere; Get-LbNativePath alone turns them into what .NET opens.

$script:LbUtf8 = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false, $true
$script:LbShareAll = [System.IO.FileShare]'ReadWrite, Delete'
$script:LbBlock = 1048576
# So a large artefact is cut where it is sent in parts. Of more parts in one set the hashes would burden its manifest.
$script:LbPartBytes = [long]8388608
$script:LbMostParts = [long]8192

function Join-LbPath {
    param([string]$Path, [string]$Child)
    return $Path.TrimEnd('\') + '\' + $Child.Replace('/', '\')
}

function Get-LbDataPath {
    param([string]$Child)
    return Join-LbPath -Path (Get-LbPlace -Name 'data') -Child $Child
}

function Get-LbParent {
    param([string]$Path)
    return [regex]::Replace($Path, '[\\/]+[^\\/]*[\\/]*\z', '')
}

function Test-LbFile {
    param([string]$Path)
    return [System.IO.File]::Exists((Get-LbNativePath -Path $Path))
}

function Test-LbFolder {
    param([string]$Path)
    return [System.IO.Directory]::Exists((Get-LbNativePath -Path $Path))
}

function Get-LbLength {
    param([string]$Path)
    $file = New-Object -TypeName System.IO.FileInfo -ArgumentList (Get-LbNativePath -Path $Path)
    return $file.Length
}

# The names in a folder, in order; none where it is not there. To be taken as @(...).
function Get-LbNameIn {
    param([string]$Path)
    $native = Get-LbNativePath -Path $Path
    if (-not [System.IO.Directory]::Exists($native)) { return }
    $names = @(foreach ($entry in [System.IO.Directory]::GetFileSystemEntries($native)) { [System.IO.Path]::GetFileName($entry) })
    Get-LbSorted -Text $names
}

# Others may write, rename or delete it meanwhile.
function Open-LbFile {
    param([string]$Path)
    return New-Object -TypeName System.IO.FileStream -ArgumentList @(
        (Get-LbNativePath -Path $Path), [System.IO.FileMode]::Open, [System.IO.FileAccess]::Read, $script:LbShareAll, 65536)
}

function Read-LbByte {
    param([string]$Path)
    $stream = Open-LbFile -Path $Path
    try {
        $memory = New-Object -TypeName System.IO.MemoryStream
        $stream.CopyTo($memory)
        return , $memory.ToArray()
    } finally { $stream.Dispose() }
}

function Read-LbFile {
    param([string]$Path)
    $bytes = Read-LbByte -Path $Path
    $text = $script:LbUtf8.GetString($bytes)
    if ($text.Length -gt 0 -and $text[0] -eq [char]0xFEFF) { return $text.Substring(1) }
    return $text
}

# Null: it is not there.
function Read-LbFileIfThere {
    param([string]$Path)
    if (-not (Test-LbFile -Path $Path)) { return $null }
    return Read-LbFile -Path $Path
}

function Add-LbFolder {
    param([string]$Path)
    [void][System.IO.Directory]::CreateDirectory((Get-LbNativePath -Path $Path -Change))
}

# Complete or not there: written beside, then renamed.
function Write-LbFile {
    param([string]$Path, [string]$Text)
    Write-LbByte -Path $Path -Bytes ($script:LbUtf8.GetBytes($Text))
}

function Write-LbByte {
    param([string]$Path, [byte[]]$Bytes)
    Add-LbFolder -Path (Get-LbParent -Path $Path)
    $native = Get-LbNativePath -Path $Path -Change
    $partial = $native + '.partial'
    $stream = New-Object -TypeName System.IO.FileStream -ArgumentList @(
        $partial, [System.IO.FileMode]::Create, [System.IO.FileAccess]::Write, [System.IO.FileShare]::None)
    try {
        $stream.Write($Bytes, 0, $Bytes.Length)
        $stream.Flush($true)
    } finally { $stream.Dispose() }
    Move-LbFile -From $partial -To $native
}

# Whoever reads the old file at this moment holds it for a little while.
function Move-LbFile {
    param([string]$From, [string]$To)
    for ($attempt = 1; ; $attempt++) {
        try {
            if ([System.IO.File]::Exists($To)) { [System.IO.File]::Replace($From, $To, [NullString]::Value) }
            else { [System.IO.File]::Move($From, $To) }
            return
        } catch {
            if ($attempt -ge 20 -or (Get-LbCause -Exception $_.Exception) -isnot [System.IO.IOException]) { throw }
            [System.Threading.Thread]::Sleep(100)
        }
    }
}

# With all that is in it; nothing where it is not there.
function Clear-LbPath {
    param([string]$Path)
    $native = Get-LbNativePath -Path $Path -Change
    if (-not [System.IO.Directory]::Exists($native) -and -not [System.IO.File]::Exists($native)) { return }
    Remove-Item -LiteralPath $native -Recurse -Force
}

function Rename-LbFolder {
    param([string]$From, [string]$To)
    [System.IO.Directory]::Move((Get-LbNativePath -Path $From -Change), (Get-LbNativePath -Path $To -Change))
}

# Block by block, so that a run shows signs of life and a time limit holds while large files are read.
function Get-LbFileHash {
    param([string]$Path, [hashtable]$Execution = $null)
    $algorithm = [System.Security.Cryptography.SHA256]::Create()
    $buffer = New-Object -TypeName 'byte[]' -ArgumentList $script:LbBlock
    $stream = Open-LbFile -Path $Path
    try {
        while (($read = $stream.Read($buffer, 0, $buffer.Length)) -gt 0) {
            [void]$algorithm.TransformBlock($buffer, 0, $read, $null, 0)
            Write-LbBeat -Execution $Execution
        }
        [void]$algorithm.TransformFinalBlock($buffer, 0, 0)
        return ConvertTo-LbHexadecimal -Bytes $algorithm.Hash
    } finally {
        $stream.Dispose()
        $algorithm.Dispose()
    }
}

# The hash of a file and, of a large one, those of its parts, one after the other, from one reading.
function Get-LbFileSum {
    param([string]$Path, [long]$MostParts, [hashtable]$Execution = $null)
    $size = [long](Get-LbLength -Path $Path)
    $hasParts = $size -gt $script:LbPartBytes -and $size -le $script:LbPartBytes * $MostParts
    if (-not $hasParts) { return @{ Sha256 = (Get-LbFileHash -Path $Path -Execution $Execution); Parts = $null } }
    $parts = New-Object -TypeName System.Text.StringBuilder
    $left = $script:LbPartBytes
    $whole = [System.Security.Cryptography.SHA256]::Create()
    $part = [System.Security.Cryptography.SHA256]::Create()
    $buffer = New-Object -TypeName 'byte[]' -ArgumentList $script:LbBlock
    $stream = Open-LbFile -Path $Path
    try {
        # No block reaches into two parts.
        while (($read = $stream.Read($buffer, 0, [int][System.Math]::Min($left, [long]$buffer.Length))) -gt 0) {
            [void]$whole.TransformBlock($buffer, 0, $read, $null, 0)
            [void]$part.TransformBlock($buffer, 0, $read, $null, 0)
            $left -= $read
            if ($left -eq 0) {
                [void]$part.TransformFinalBlock($buffer, 0, 0)
                [void]$parts.Append((ConvertTo-LbHexadecimal -Bytes $part.Hash))
                $part.Initialize()
                $left = $script:LbPartBytes
            }
            Write-LbBeat -Execution $Execution
        }
        if ($left -lt $script:LbPartBytes) {
            [void]$part.TransformFinalBlock($buffer, 0, 0)
            [void]$parts.Append((ConvertTo-LbHexadecimal -Bytes $part.Hash))
        }
        [void]$whole.TransformFinalBlock($buffer, 0, 0)
        return @{ Sha256 = (ConvertTo-LbHexadecimal -Bytes $whole.Hash); Parts = $parts.ToString() }
    } finally {
        $stream.Dispose()
        $whole.Dispose()
        $part.Dispose()
    }
}

function Copy-LbFile {
    param([string]$From, [string]$To, [hashtable]$Execution = $null)
    Add-LbFolder -Path (Get-LbParent -Path $To)
    $buffer = New-Object -TypeName 'byte[]' -ArgumentList $script:LbBlock
    $source = Open-LbFile -Path $From
    try {
        $target = New-Object -TypeName System.IO.FileStream -ArgumentList @(
            (Get-LbNativePath -Path $To -Change), [System.IO.FileMode]::Create, [System.IO.FileAccess]::Write, [System.IO.FileShare]::None)
        try {
            while (($read = $source.Read($buffer, 0, $buffer.Length)) -gt 0) {
                $target.Write($buffer, 0, $read)
                Write-LbBeat -Execution $Execution
            }
            $target.Flush($true)
        } finally { $target.Dispose() }
    } finally { $source.Dispose() }
}
