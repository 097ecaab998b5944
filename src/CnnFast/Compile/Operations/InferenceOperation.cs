using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>An operation that only compiled graphs hold: no file names it and it has no gradient.</summary>
internal abstract record InferenceOperation : Operation
{
    public sealed override string NamePrefix => "compiled";

    public sealed override string? FileKind => null;

    public sealed override bool HasGradient => false;

    public sealed override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        throw new InvalidOperationException($"{Kind} '{shapes.Name}' stands in compiled graphs only, which are not trained.");
}
