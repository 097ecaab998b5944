using System.Numerics.Tensors;
using CnnFast.Data;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>Which targets kinds of losses take for an output, and the checks of what they are told.</summary>
internal static class LossTargets
{
    /// <summary>How far from 1 the sum of a distribution may be: room for what was computed in float, or rounded to two digits.</summary>
    public const float Tolerance = 0.02f;

    /// <summary>One label a row of the output's last dimension, or as many numbers as there are outputs.</summary>
    public static IReadOnlyList<TargetInfo> OfClasses(string who, Shape output) => output.Rank >= 1 && Last(output) >= 2
        ? [TargetInfo.Labels(Rows(output), Last(output)), TargetInfo.Values(output)]
        : throw new ShapeException($"{who}: the output of a sample has the shape {output}; expected one value for each of at least two " +
            "classes, last.");

    /// <summary>A number from 0 to 1, or a label 0 or 1, for every output.</summary>
    public static IReadOnlyList<TargetInfo> OfYesAndNo(Shape output) => output.Rank >= 1 && Last(output) == 1
        ? [TargetInfo.Values(output), TargetInfo.Labels(Rows(output), 2), TargetInfo.Labels(output, 2)]
        : [TargetInfo.Values(output), TargetInfo.Labels(output, 2)];

    /// <exception cref="ShapeException">There are more classes than Dice sums up at once.</exception>
    public static void RequireDiceClasses(string who, Shape output)
    {
        int classes = output.Rank == 0 ? 1 : Last(output);
        if (classes > DiceOperator.MaxClasses)
            throw new ShapeException($"{who}: the output of a sample has the shape {output}, which is {classes} classes; expected at " +
                $"most {DiceOperator.MaxClasses}, last.");
    }

    /// <exception cref="ArgumentOutOfRangeException">A target is below 0, above 1 or a NaN.</exception>
    public static void RequireUnit(string who, ReadOnlySpan<float> targets)
    {
        if (!targets.IsEmpty && !(TensorPrimitives.Min(targets) >= 0
            && TensorPrimitives.Max(targets) <= 1))
            throw new ArgumentOutOfRangeException(null, $"{who}: a target is not from 0 to 1.");
    }

    /// <summary>Throws unless every row is a distribution over its classes; those of samples that weigh nothing too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A target is below 0 or a NaN, or a row does not sum to 1.</exception>
    public static void RequireDistributions(string who, ReadOnlySpan<float> targets, int classes)
    {
        for (int first = 0; first < targets.Length; first += classes)
        {
            float sum = 0, least = float.PositiveInfinity;
            foreach (float target in targets.Slice(first, classes))
            {
                sum += target;
                least = Math.Min(least, target);
            }

            if (!(least >= 0 && Math.Abs(sum - 1) <= Tolerance))
                throw new ArgumentOutOfRangeException(null, FormattableString.Invariant(
                    $"{who}: the targets of row {first / classes} sum to {sum}, the smallest is {least}; expected a distribution, ") +
                    FormattableString.Invariant($"numbers of at least 0 that sum to 1 within {Tolerance} (several labels at once are ") +
                    "for Sigmoid and BinaryCrossEntropy).");
        }
    }

    /// <summary>A copy of weights, each finite and at least 0; empty where there are none.</summary>
    public static float[] Weights(string who, string what, IReadOnlyList<float>? weights)
    {
        foreach (float weight in weights ?? [])
        {
            if (!(float.IsFinite(weight) && weight >= 0))
                throw new ArgumentOutOfRangeException(null,
                    FormattableString.Invariant($"{who}: a {what} is {weight}; expected a finite number of at least 0."));
        }

        return weights is null ? [] : [.. weights];
    }

    /// <summary>An option within its range.</summary>
    public static float Within(string who, string option, float value, float least, float most) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(option,
            FormattableString.Invariant($"{who}: {option} is {value}; expected a number from {least} to {most}."));

    /// <exception cref="ShapeException">There are weights, but not one a class.</exception>
    public static void RequireClassWeights(string who, int weights, Shape output)
    {
        if (weights > 0 && weights != Last(output))
            throw new ShapeException($"{who}: {weights} class weights were given for {Last(output)} classes; expected one a class.");
    }

    /// <summary>The shape without its last dimension.</summary>
    private static Shape Rows(Shape output) => new(output.Dimensions[..^1]);

    private static int Last(Shape output) => output[output.Rank - 1];
}
