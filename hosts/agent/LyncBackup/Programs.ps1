# Programs of Windows. No shell stands between: the command line is made here, and nowhere else.

function Invoke-LbProgram {
    param([string]$Name, [string[]]$Argument, [hashtable]$Execution)
    $line = ConvertTo-LbCommandLine -Argument $Argument
    return Invoke-LbNativeProgram -Path (Get-LbProgramPath -Name $Name) -CommandLine $line -Execution $Execution
}

# As programs take a command line apart again: what has spaces stands in quotes, a quote has a backslash before it, and
# backslashes count twice where a quote follows.
function ConvertTo-LbCommandLine {
    param([string[]]$Argument)
    $quoted = @(foreach ($one in $Argument) { ConvertTo-LbArgument -Text $one })
    return [string]::Join(' ', [string[]]$quoted)
}

function ConvertTo-LbArgument {
    param([string]$Text)
    if ($Text.IndexOf([char]0) -ge 0) { throw (Get-LbFailure -Code 'refused' -Message 'An argument of a program cannot contain the character 0.') }
    if ($Text -match '^[^\s"]+\z') { return $Text }
    $escaped = [regex]::Replace($Text, '(\\*)"', '$1$1\"')
    $escaped = [regex]::Replace($escaped, '(\\+)\z', '$1$1')
    return '"' + $escaped + '"'
}
