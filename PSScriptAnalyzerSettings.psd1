@{
    IncludeDefaultRules = $true
    Severity            = @('Error', 'Warning')
    Rules               = @{
        PSUseCompatibleSyntax  = @{
            Enable         = $true
            TargetVersions = @('3.0', '4.0', '5.1')
        }
        PSUseCompatibleCmdlets = @{
            compatibility = @('desktop-3.0-windows', 'desktop-4.0-windows')
        }
    }
}
