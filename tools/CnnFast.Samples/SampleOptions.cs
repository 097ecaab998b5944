namespace CnnFast.Samples;

/// <summary>The options of the command line.</summary>
internal sealed record SampleOptions
{
    /// <summary>Decides the pictures, the start of the weights and the order.</summary>
    public ulong Seed { get; init; }

    /// <summary>The model whose body is used; null for one that the sample trains itself.</summary>
    public string? Body { get; init; }
}
