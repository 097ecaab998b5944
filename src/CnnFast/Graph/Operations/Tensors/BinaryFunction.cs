namespace CnnFast.Graphs;

/// <summary>A function of two elements.</summary>
internal enum BinaryFunction
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a − b.</summary>
    Subtract,

    /// <summary>a · b.</summary>
    Multiply,

    /// <summary>a / b; of integers towards zero.</summary>
    Divide,

    /// <summary>The smaller one; NaN where either is.</summary>
    Minimum,

    /// <summary>The larger one; NaN where either is.</summary>
    Maximum,

    /// <summary>a to the power of b.</summary>
    Power,

    /// <summary>The rest of a division, with the sign of b.</summary>
    Modulo,

    /// <summary>The rest of a division, with the sign of a.</summary>
    Remainder,

    /// <summary>a where a is above 0, else a · b: PReLU with its slopes.</summary>
    ParametricReLU,

    /// <summary>a = b.</summary>
    Equal,

    /// <summary>a &gt; b.</summary>
    Greater,

    /// <summary>a ≥ b.</summary>
    GreaterOrEqual,

    /// <summary>a &lt; b.</summary>
    Less,

    /// <summary>a ≤ b.</summary>
    LessOrEqual,

    /// <summary>Both.</summary>
    And,

    /// <summary>Either.</summary>
    Or,

    /// <summary>One, but not both.</summary>
    ExclusiveOr,
}
