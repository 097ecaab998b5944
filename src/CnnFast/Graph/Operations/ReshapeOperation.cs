using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>The values of a sample under another shape. A view: nothing is copied.</summary>
/// <param name="Target">The shape without the batch; one dimension may be −1, which takes what the others leave.</param>
internal sealed record ReshapeOperation(IReadOnlyList<int> Target) : ViewOperation
{
    private const int MaxRank = 7;

    public override string Kind => "Reshape";

    public override string NamePrefix => "reshape";

    private string TargetText => $"({string.Join(", ", Target)})";

    public static Operation Read(AttributeReader json) => new ReshapeOperation(json.List("target_shape", MaxRank));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteStartArray("target_shape");
        foreach (int dimension in Target)
            json.WriteNumberValue(dimension);
        json.WriteEndArray();
    }

    public override void Validate(string who)
    {
        if (Target.Count is 0 or > MaxRank || Target.Any(dimension => dimension is < 1 and not -1)
            || Target.Count(dimension => dimension == -1) > 1)
            throw new ArgumentException(
                $"{who}: targetShape is {TargetText}; expected 1 to {MaxRank} dimensions of at least 1, of which one may be -1.");
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        long elements = inputs[0].WithoutBatch().ElementCount;
        double known = Target.Where(dimension => dimension > 0).Aggregate(1.0, (product, dimension) => product * dimension);
        bool open = Target.Contains(-1);
        if (known > elements || (open ? elements % (long)known != 0 : elements != (long)known))
            throw new ShapeException($"{Who(name)}: input has shape {ShapeText.OfBatch(inputs[0])}, {elements} elements a sample; " +
                $"expected {(open ? "a multiple of " : string.Empty)}{known:0} for the targetShape {TargetText}.");
        return new Shape([.. Target.Select(dimension => dimension > 0 ? dimension : (int)(elements / (long)known))])
            .WithBatch(inputs[0][0]);
    }

    public bool Equals(ReshapeOperation? other) => other is not null && Target.SequenceEqual(other.Target);

    public override int GetHashCode() => Target.Aggregate(17, HashCode.Combine);
}
