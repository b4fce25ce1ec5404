# The kinds that look at what was made before anybody trusts it.

function Invoke-LbCheck {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    $shrunk = New-Object -TypeName System.Collections.ArrayList
    foreach ($artefact in $Execution['Artefacts']) {
        $path = Get-LbArtefactPath -Execution $Execution -Artefact $artefact
        Assert-LbThere -Path $path -Artefact $artefact
        $size = Get-LbLength -Path $path
        if ($size -lt $artefact['AtLeastBytes']) {
            throw (Get-LbStepFailure -Code 'too-small' -Say 'tooSmall' -With @($artefact['Path'], $size, $artefact['AtLeastBytes']))
        }
        if (Get-LbField -From $Step -Name 'opens' -Default $true) { Assert-LbReadable -Execution $Execution -Path $path -Name $artefact['Path'] -Format $artefact['Format'] }
        $less = Compare-LbLast -Execution $Execution -Path $artefact['Path'] -Size $size -ShrinkPercent (Get-LbField -From $Step -Name 'shrinkPercent' -Default 50)
        if ($null -ne $less) { [void]$shrunk.Add($less) }
    }
    # Whoever has to accept new sizes wants to see all of them at once.
    if ($shrunk.Count -gt 0) {
        $texts = [string[]]@(foreach ($one in $shrunk) { Get-LbMessage -Name 'shrunk' -With @($one['path'], $one['bytes'], $one['before'], $one['set']) })
        $failure = Get-LbFailure -Code 'shrunk' -Message ([string]::Join(' ', $texts)) -Advice (Get-LbMessage -Name 'shrunkAdvice')
        $failure.Data['LbStepData'] = ConvertTo-LbJson -Value ([ordered]@{ artefacts = 0; shrunk = $shrunk.ToArray() }) -Compact
        throw $failure
    }
    $count = $Execution['Artefacts'].Count
    return Get-LbDone -Message (Get-LbMessage -Name 'checked' -With @($count)) -Data ([ordered]@{ artefacts = $count })
}

function Invoke-LbHash {
    param([hashtable]$Execution, [System.Collections.IDictionary]$Step)
    if ($null -ne $Step['completes']) { Complete-LbListing -Execution $Execution -Id $Step['completes'] }
    $bytes = [long]0
    $partsLeft = $script:LbMostParts
    foreach ($artefact in $Execution['Artefacts']) {
        $path = Get-LbArtefactPath -Execution $Execution -Artefact $artefact
        Assert-LbThere -Path $path -Artefact $artefact
        $artefact['Bytes'] = [long](Get-LbLength -Path $path)
        $sum = Get-LbFileSum -Path $path -MostParts $partsLeft -Execution $Execution
        $artefact['Sha256'] = $sum['Sha256']
        $artefact['Parts'] = $sum['Parts']
        if ($null -ne $sum['Parts']) { $partsLeft -= [long]($sum['Parts'].Length / 64) }
        $bytes += $artefact['Bytes']
    }
    $count = $Execution['Artefacts'].Count
    return Get-LbDone -Message (Get-LbMessage -Name 'hashed' -With @($count, $bytes)) -Data ([ordered]@{ artefacts = $count; bytes = $bytes })
}

function Assert-LbThere {
    param([string]$Path, [hashtable]$Artefact)
    if (Test-LbFile -Path $Path) { return }
    throw (Get-LbStepFailure -Code 'not-made' -Say 'missingFromSet' -With @($Artefact['Path']))
}

# A file is read to its last byte as what it claims to be.
function Assert-LbReadable {
    param([hashtable]$Execution, [string]$Path, [string]$Name, [string]$Format)
    try {
        switch -CaseSensitive ($Format) {
            'zip' { Read-LbZip -Execution $Execution -Path $Path }
            'xml' { Read-LbXml -Execution $Execution -Path $Path }
            'json' { Read-LbJsonFile -Path $Path }
            'jsonl' { Read-LbJsonLine -Execution $Execution -Path $Path }
            default { [void](Get-LbFileHash -Path $Path -Execution $Execution) }
        }
    } catch {
        $cause = Get-LbCause -Exception $_.Exception
        if ($cause.Data.Contains('LbCode') -and [string]$cause.Data['LbCode'] -ceq 'timed-out') { throw }
        $reason = $cause.Message.Trim().TrimEnd('.')
        throw (Get-LbStepFailure -Code 'does-not-open' -Say 'doesNotOpen' -With @($Name, $Format, $reason))
    }
}

function Read-LbZip {
    param([hashtable]$Execution, [string]$Path)
    Add-Type -AssemblyName System.IO.Compression
    $stream = Open-LbFile -Path $Path
    try {
        $archive = New-Object -TypeName System.IO.Compression.ZipArchive -ArgumentList $stream
        $buffer = New-Object -TypeName 'byte[]' -ArgumentList $script:LbBlock
        foreach ($entry in $archive.Entries) {
            $content = $entry.Open()
            try {
                $length = [long]0
                while (($read = $content.Read($buffer, 0, $buffer.Length)) -gt 0) {
                    $length += $read
                    Write-LbBeat -Execution $Execution
                }
                if ($length -ne $entry.Length) { throw ('{0} in it has {1} bytes instead of {2}' -f $entry.FullName, $length, $entry.Length) }
            } finally { $content.Dispose() }
        }
    } finally { $stream.Dispose() }
}

# Without what a document type could load from elsewhere.
function Read-LbXml {
    param([hashtable]$Execution, [string]$Path)
    $settings = New-Object -TypeName System.Xml.XmlReaderSettings
    $settings.DtdProcessing = [System.Xml.DtdProcessing]::Ignore
    $settings.XmlResolver = $null
    $stream = Open-LbFile -Path $Path
    try {
        $reader = [System.Xml.XmlReader]::Create([System.IO.Stream]$stream, $settings)
        $count = 0
        while ($reader.Read()) {
            $count++
            if ($count % 10000 -eq 0) { Write-LbBeat -Execution $Execution }
        }
    } finally { $stream.Dispose() }
}

# What is wrong may be a secret, so the text itself is not told.
function Read-LbJsonFile {
    param([string]$Path)
    try { [void](ConvertFrom-LbJson -Text (Read-LbFile -Path $Path)) } catch { throw 'it is no JSON' }
}

function Read-LbJsonLine {
    param([hashtable]$Execution, [string]$Path)
    $stream = Open-LbFile -Path $Path
    try {
        if ($stream.Length -eq 0) { return }
        # A last line without an end may be half a line.
        [void]$stream.Seek(-1, [System.IO.SeekOrigin]::End)
        if ($stream.ReadByte() -ne 10) { throw 'its last line has no end' }
        [void]$stream.Seek(0, [System.IO.SeekOrigin]::Begin)
        $reader = New-Object -TypeName System.IO.StreamReader -ArgumentList $stream, $script:LbUtf8
        while ($null -ne ($text = $reader.ReadLine())) {
            if (-not $script:LbListingLine.IsMatch($text)) {
                try { [void](ConvertFrom-LbJson -Text $text) } catch { throw 'it is no JSON' }
            }
            Write-LbBeat -Execution $Execution
        }
    } finally { $stream.Dispose() }
}

# Null: it is as large as it should be. An operator's word counts from when it was given, until a set of that size is there to compare with.
function Compare-LbLast {
    param([hashtable]$Execution, [string]$Path, [long]$Size, $ShrinkPercent)
    if ($null -eq $Execution['Last'] -or $null -eq $Execution['Last']['Comparable']) { return $null }
    $set = $Execution['Last']['Comparable']
    $before = Find-LbArtefact -Manifest $set -Path $Path
    if ($null -eq $before) { return $null }
    $plausible = $before['bytes']
    foreach ($accepted in $Execution['Last']['Accepted']) {
        if ($accepted['path'] -ceq $Path -and [string]::CompareOrdinal($accepted['at'], $set['sealedAt']) -ge 0) { $plausible = $accepted['bytes'] }
    }
    if ($Size * 100 -ge $plausible * $ShrinkPercent) { return $null }
    return [ordered]@{ path = $Path; bytes = $Size; before = $before['bytes']; set = $set['set'] }
}
