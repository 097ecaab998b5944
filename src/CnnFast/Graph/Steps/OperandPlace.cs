namespace CnnFast.Graphs;

/// <summary>Which memory holds a value during a run.</summary>
internal enum OperandPlace
{
    /// <summary>None: the value is not wanted.</summary>
    None,

    /// <summary>The arena of the run.</summary>
    Arena,

    /// <summary>The constants of the plan.</summary>
    Constant,

    /// <summary>The span that the caller gave as input.</summary>
    CallerInput,

    /// <summary>The span that the caller gave for the output.</summary>
    CallerOutput,
}
