namespace CnnFast.Verification;

/// <summary>What <see cref="ModelVerifier"/> found. Immutable.</summary>
/// <param name="Nodes">The layers in the order in which they run.</param>
/// <param name="Outputs">The outputs, as a session computes them: with layers merged.</param>
public sealed record VerificationReport(IReadOnlyList<NodeVerification> Nodes, IReadOnlyList<NodeVerification> Outputs)
{
    /// <summary>Whether all that was compared is within its bounds.</summary>
    public bool Holds => Nodes.Concat(Outputs).All(node => node.Holds);

    /// <summary>The first layer, or else output, that is not within its bound; null where all are.</summary>
    public NodeVerification? FirstDeparture => Nodes.Concat(Outputs).FirstOrDefault(node => !node.Holds);

    /// <summary>The layers whose operation has no reference: the kernels' own values were taken.</summary>
    public IEnumerable<NodeVerification> WithoutReference => Nodes.Where(node => node.Error is null);
}
