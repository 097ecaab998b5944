namespace CnnFast.Cli;

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    /// <summary>Text for people, in lines of the terminal's width or 80.</summary>
    Table,

    /// <summary>Rows of comma-separated values under a line of names.</summary>
    Csv,

    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>Text without colours, rules and shortened names, for other programs.</summary>
    Plain,
}
