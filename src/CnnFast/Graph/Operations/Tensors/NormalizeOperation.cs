using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>
/// y = (x − mean)·scale / (√(variance + Epsilon) + Added) + bias of <c>[N, S, G, K]</c>, mean and variance taken over S and K for every
/// sample and group. Scale and bias, where they are given, have a number for each of the G·K channels or for each of the K.
/// </summary>
/// <param name="Result">What is wanted: the elements, or a number <c>[N, G]</c> for every group.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Added">Added to the deviation.</param>
internal sealed record NormalizeOperation(NormalizeResult Result, float Epsilon, float Added = 0) : TensorOperation
{
    public override string Kind => "Normalize";

    public override string FileKind => "Tensor.Normalize";

    public override int MaxInputs => 3;

    public static Operation Read(AttributeReader json) =>
        new NormalizeOperation(json.Choice<NormalizeResult>("result"), json.Number("epsilon"), json.Number("added"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteString("result", Result.ToString());
        json.WriteFloat("epsilon", Epsilon);
        json.WriteFloat("added", Added);
    }

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) =>
        !isWhole[0] && isWhole.Skip(1).All(whole => whole);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape x = inputs[0];
        RequireRank(name, x, 4);
        foreach (Shape numbers in inputs.Skip(1))
        {
            if (numbers.ElementCount != x[3] && numbers.ElementCount != (long)x[2] * x[3])
                throw new ShapeException($"{Who(name)}: scale or bias has shape {numbers}; expected a number for each channel.");
        }

        return Result == NormalizeResult.Elements ? x : new Shape(x[0], x[2]);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        shapes.Input[1] == 1 ? new NormalizeRowsStep(this, shapes.Input) : new NormalizeColumnsStep(this, shapes.Input);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs)
    {
        Shape x = shapes.Input;
        int[] numbers = [.. shapes.Inputs.Skip(1).Select(input => input.ElementCount).Distinct()];
        if (Result != NormalizeResult.Elements || Epsilon == 0 || numbers.Length > 1)
            return new NormalizeBackwardStep(this, x);
        bool isForEveryChannel = numbers.Length == 0 || numbers[0] == x[2] * x[3];
        if (x[1] == 1)
            return new NormalizeRowsBackwardStep(this, x, isForEveryChannel ? x[2] : 1);
        return isForEveryChannel ? new NormalizeColumnsBackwardStep(this, x) : new NormalizeBackwardStep(this, x);
    }

    /// <summary>The result for a group.</summary>
    public double Select(double mean, double variance) => Result switch
    {
        NormalizeResult.Mean => mean,
        NormalizeResult.Variance => variance,
        _ => 1 / (Math.Sqrt(variance + Epsilon) + Added),
    };
}
