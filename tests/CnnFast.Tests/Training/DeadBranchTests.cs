using CnnFast.Data;
using CnnFast.Graphs;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Nodes that the logits do not depend on.</summary>
public sealed class DeadBranchTests
{
    [Fact]
    public void A_branch_that_nothing_reads_neither_trains_nor_changes_what_does()
    {
        ImageDataset data = TinyData.Create(60);
        Model plain = Build(dead: false);
        Model branched = Build(dead: true);
        float[] before = Find(branched, "dead.filter").Values.ToArray();
        foreach (Model model in new[] { plain, branched })
            new Trainer(model, new Adam(5e-3f, l2: L2Penalty.Constant(0.1f)))
                .Train(data, new FitOptions { Epochs = 3, BatchSize = 16, MaxThreads = 1 });

        foreach (Parameter parameter in plain.Parameters)
            Assert.Equal(parameter.Values.ToArray(), Find(branched, parameter.Name).Values.ToArray());
        Assert.Equal(before, Find(branched, "dead.filter").Values.ToArray());
    }

    private static Parameter Find(Model model, string name) => model.Parameters.Single(parameter => parameter.Name == name);

    private static Model Build(bool dead)
    {
        var builder = new GraphBuilder([]);
        ValueInfo flat = builder.Add(new FlattenOperation(), [builder.AddInput(new Shape(8, 6, 1))]);
        ValueInfo stem = builder.Add(new DenseOperation(12, Activation.ReLU, true), [flat], "stem");
        if (dead)
            builder.Add(new FunctionOperation(Activation.ReLU),
                [builder.Add(new DenseOperation(9, Activation.ReLU, true), [stem], "dead")]);
        ValueInfo logits = builder.Add(new DenseOperation(4, Activation.None, true), [stem], "logits");
        return new Model(
            builder.Build([builder.Add(new SoftmaxOperation(), [logits])], (_, _, parameter) =>
            {
                var random = new SeededRandom((ulong)parameter.Name.Length);
                foreach (ref float value in parameter.BeginWrite())
                    value = (float)(random.NextDouble() - 0.5) * 0.3f;
            }),
            null);
    }
}
