# JSON, the same in every PowerShell. ConvertFrom-Json turns dates into DateTime in one version and not in another,
# and refuses 2 MB in the third; ConvertTo-Json loses brackets. An object is an ordered map whose names keep their case,
# an array is an array, whole numbers are Int64.

$script:LbJsonTokens = New-Object -TypeName System.Text.RegularExpressions.Regex -ArgumentList (
    '\G[\x20\t\r\n]*(?:(?<mark>[\[\]{}:,])|"(?<text>[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*)"|' +
    '(?<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(?<word>true|false|null))')
$script:LbInvariant = [System.Globalization.CultureInfo]::InvariantCulture

function Get-LbEmptyMap {
    return New-Object -TypeName System.Collections.Specialized.OrderedDictionary -ArgumentList ([System.StringComparer]::Ordinal)
}

function Get-LbJsonError {
    param([int]$At)
    return Get-LbFailure -Code 'invalid-document' -Message ('It is not JSON from character {0} on.' -f $At)
}

function ConvertFrom-LbJson {
    param([string]$Text)
    $stack = New-Object -TypeName System.Collections.Stack
    $frame = $null
    $result = $null
    $expect = 'value'
    $end = 0
    # Windows PowerShell leaves a byte order mark in what it reads from a stream.
    if ($Text.Length -gt 0 -and $Text[0] -eq [char]0xFEFF) { $Text = $Text.Substring(1) }
    $match = $script:LbJsonTokens.Match($Text)
    while ($match.Success) {
        $groups = $match.Groups
        $value = $null
        $complete = $false
        if ($groups['mark'].Success) {
            $mark = $groups['mark'].Value
            if ($mark -ceq '{' -or $mark -ceq '[') {
                if ($expect -cne 'value' -and $expect -cne 'value-or-end') { throw (Get-LbJsonError -At $match.Index) }
                $stack.Push($frame)
                if ($mark -ceq '{') {
                    $frame = @{ Map = (Get-LbEmptyMap); List = $null; Name = '' }
                    $expect = 'name-or-end'
                } else {
                    $frame = @{ Map = $null; List = (New-Object -TypeName System.Collections.ArrayList); Name = '' }
                    $expect = 'value-or-end'
                }
            } elseif ($mark -ceq '}') {
                if ($null -eq $frame -or $null -eq $frame['Map'] -or
                    ($expect -cne 'name-or-end' -and $expect -cne 'comma-or-end')) { throw (Get-LbJsonError -At $match.Index) }
                $value = $frame['Map']
                $frame = $stack.Pop()
                $complete = $true
            } elseif ($mark -ceq ']') {
                if ($null -eq $frame -or $null -eq $frame['List'] -or
                    ($expect -cne 'value-or-end' -and $expect -cne 'comma-or-end')) { throw (Get-LbJsonError -At $match.Index) }
                $value = $frame['List'].ToArray()
                $frame = $stack.Pop()
                $complete = $true
            } elseif ($mark -ceq ':') {
                if ($expect -cne 'colon') { throw (Get-LbJsonError -At $match.Index) }
                $expect = 'value'
            } else {
                if ($expect -cne 'comma-or-end') { throw (Get-LbJsonError -At $match.Index) }
                if ($null -ne $frame['Map']) { $expect = 'name' } else { $expect = 'value' }
            }
        } elseif ($groups['text'].Success -and ($expect -ceq 'name' -or $expect -ceq 'name-or-end')) {
            $frame['Name'] = ConvertFrom-LbJsonText -Text $groups['text'].Value
            $expect = 'colon'
        } else {
            if ($expect -cne 'value' -and $expect -cne 'value-or-end') { throw (Get-LbJsonError -At $match.Index) }
            if ($groups['text'].Success) { $value = ConvertFrom-LbJsonText -Text $groups['text'].Value }
            elseif ($groups['number'].Success) { $value = ConvertFrom-LbJsonNumber -Text $groups['number'].Value }
            elseif ($groups['word'].Value -ceq 'true') { $value = $true }
            elseif ($groups['word'].Value -ceq 'false') { $value = $false }
            $complete = $true
        }
        if ($complete) {
            if ($null -eq $frame) {
                $result = $value
                $expect = 'done'
            } elseif ($null -ne $frame['Map']) {
                $frame['Map'][$frame['Name']] = $value
                $expect = 'comma-or-end'
            } else {
                [void]$frame['List'].Add($value)
                $expect = 'comma-or-end'
            }
        }
        $end = $match.Index + $match.Length
        $match = $match.NextMatch()
    }
    if ($expect -cne 'done' -or $Text.Substring($end).Trim().Length -gt 0) { throw (Get-LbJsonError -At $end) }
    return , $result
}

function ConvertFrom-LbJsonNumber {
    param([string]$Text)
    if ($Text -match '^-?[0-9]{1,18}$') { return [long]::Parse($Text, $script:LbInvariant) }
    return [double]::Parse($Text, [System.Globalization.NumberStyles]::Float, $script:LbInvariant)
}

function ConvertFrom-LbJsonText {
    param([string]$Text)
    if ($Text.IndexOf('\') -lt 0) { return $Text }
    return [regex]::Replace($Text, '\\(?:u([0-9a-fA-F]{4})|(.))', [System.Text.RegularExpressions.MatchEvaluator] {
            param($match)
            if ($match.Groups[1].Success) { return [string][char][System.Convert]::ToInt32($match.Groups[1].Value, 16) }
            switch -CaseSensitive ($match.Groups[2].Value) {
                'b' { return [string][char]8 }
                'f' { return [string][char]12 }
                'n' { return [string][char]10 }
                'r' { return [string][char]13 }
                't' { return [string][char]9 }
            }
            return $match.Groups[2].Value
        })
}

# Indented by two, as the other parts of the product write it; compact for one line.
function ConvertTo-LbJson {
    param($Value, [switch]$Compact)
    $builder = New-Object -TypeName System.Text.StringBuilder
    if ($Compact) { Add-LbJson -Builder $builder -Value $Value -Break '' -Colon ':' -Indent '' }
    else { Add-LbJson -Builder $builder -Value $Value -Break "`n" -Colon ': ' -Indent '  ' }
    return $builder.ToString()
}

function Add-LbJson {
    param($Builder, $Value, [string]$Break, [string]$Colon, [string]$Indent)
    if ($null -eq $Value) { [void]$Builder.Append('null'); return }
    if ($Value -is [bool]) {
        if ($Value) { [void]$Builder.Append('true') } else { [void]$Builder.Append('false') }
        return
    }
    if ($Value -is [int] -or $Value -is [long] -or $Value -is [uint32] -or $Value -is [uint64]) {
        [void]$Builder.Append($Value.ToString($script:LbInvariant))
        return
    }
    if ($Value -is [double]) { [void]$Builder.Append($Value.ToString('R', $script:LbInvariant)); return }
    $inner = ''
    if ($Break.Length -gt 0) { $inner = $Break + $Indent }
    if ($Value -is [System.Collections.IDictionary]) {
        $separator = '{'
        foreach ($entry in $Value.GetEnumerator()) {
            [void]$Builder.Append($separator).Append($inner)
            Add-LbJsonText -Builder $Builder -Text ([string]$entry.Key)
            [void]$Builder.Append($Colon)
            Add-LbJson -Builder $Builder -Value $entry.Value -Break $inner -Colon $Colon -Indent $Indent
            $separator = ','
        }
        if ($separator -ceq '{') { [void]$Builder.Append('{}') } else { [void]$Builder.Append($Break).Append('}') }
        return
    }
    if ($Value -is [System.Collections.IList]) {
        $separator = '['
        foreach ($one in $Value) {
            [void]$Builder.Append($separator).Append($inner)
            Add-LbJson -Builder $Builder -Value $one -Break $inner -Colon $Colon -Indent $Indent
            $separator = ','
        }
        if ($separator -ceq '[') { [void]$Builder.Append('[]') } else { [void]$Builder.Append($Break).Append(']') }
        return
    }
    Add-LbJsonText -Builder $Builder -Text (Get-LbText -Value $Value)
}

# Half a surrogate pair is no character, and cannot be written as one.
function Add-LbJsonText {
    param($Builder, [string]$Text)
    $escaped = $Text
    if ([regex]::IsMatch($Text, '["\\\x00-\x1f\ud800-\udfff]')) {
        $escaped = [regex]::Replace($Text,
            '["\\\x00-\x1f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]',
            [System.Text.RegularExpressions.MatchEvaluator] {
                param($match)
                $character = $match.Value
                if ($character -ceq '"' -or $character -ceq '\') { return '\' + $character }
                return '\u{0:x4}' -f [int][char]$character
            })
    }
    [void]$Builder.Append('"').Append($escaped).Append('"')
}
