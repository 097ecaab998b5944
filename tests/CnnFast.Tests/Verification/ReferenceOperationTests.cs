using System.Runtime.CompilerServices;
using CnnFast.Graphs;
using CnnFast.Verification;

namespace CnnFast.Tests.Verification;

public sealed class ReferenceOperationTests
{
    // One computes its own weights from values; no reference yet, and the checks name it. The other is what plans make of nodes that have
    // references, bit for bit (FuseNormalizationTests); checks keep all values, so that nothing is merged.
    private static readonly Type[] s_named = [typeof(RuntimeWeightsOperation), typeof(NormalizedSumOperation)];

    [Fact]
    public void Every_operation_that_training_goes_back_through_has_a_reference()
    {
        Type[] types = [.. typeof(Operation).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(Operation)) && !type.IsAbstract)];
        string[] missing = [.. types.Except(s_named)
            .Select(type => (Operation)RuntimeHelpers.GetUninitializedObject(type))
            .Where(operation => operation.HasGradient && ReferenceOperations.Of(operation) is not { HasGradient: true })
            .Select(operation => operation.GetType().Name)];
        Assert.InRange(types.Length, 40, 200);
        Assert.True(missing.Length == 0, $"without a reference in ReferenceOperations: {string.Join(", ", missing)}");
    }
}
