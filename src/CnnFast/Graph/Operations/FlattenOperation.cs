namespace CnnFast.Graphs;

/// <summary>Every sample as one row: <c>[N, H, W, C]</c> to <c>[N, H·W·C]</c>. A view: nothing is copied.</summary>
internal sealed record FlattenOperation : ViewOperation
{
    public override string Kind => "Flatten";

    public override string NamePrefix => "flatten";

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => new(inputs[0][0], inputs[0].WithoutBatch().ElementCount);
}
