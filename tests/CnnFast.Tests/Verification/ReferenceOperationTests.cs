using System.Runtime.CompilerServices;
using CnnFast.Graphs;
using CnnFast.Verification;

namespace CnnFast.Tests.Verification;

public sealed class ReferenceOperationTests
{
    [Fact]
    public void Every_operation_of_layers_that_training_goes_back_through_has_a_reference()
    {
        // Those of imported models are named by the checks where they have none.
        Type[] types = [.. typeof(Operation).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(Operation)) && !type.IsAssignableTo(typeof(TensorOperation)) && !type.IsAbstract)];
        string[] missing = [.. types.Select(type => (Operation)RuntimeHelpers.GetUninitializedObject(type))
            .Where(operation => operation.HasGradient && ReferenceOperations.Of(operation) is not { HasGradient: true })
            .Select(operation => operation.GetType().Name)];
        Assert.InRange(types.Length, 20, 200);
        Assert.True(missing.Length == 0, $"without a reference in ReferenceOperations: {string.Join(", ", missing)}");
    }
}
