namespace CnnFast.Graphs;

/// <summary>Which gradients a backward step has to compute.</summary>
[Flags]
internal enum GradientNeeds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>By at least one input.</summary>
    Inputs = 1,

    /// <summary>By the parameters.</summary>
    Parameters = 2,

    /// <summary>No gradient: the batch's statistics, with which the node then runs, forward and backward.</summary>
    Statistics = 4,
}
