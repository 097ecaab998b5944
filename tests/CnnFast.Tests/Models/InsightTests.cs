using CnnFast.Data;
using CnnFast.Files;
using CnnFast.Layers;

namespace CnnFast.Tests.Models;

/// <summary>What a model and a session say of themselves, and values inside a model.</summary>
public sealed class InsightTests
{
    private static readonly float[] s_pixels = [1, -2, 3, 4, -5, 6, 7, 8];

    [Fact]
    public void Values_inside_are_those_of_the_model()
    {
        Model model = Small();
        Model inside = model.WithOutputs("relu", "conv");
        Assert.Equal(["relu", "conv"], inside.Outputs.Select(output => output.Name));
        Assert.Equal(["input", "conv", "relu"], inside.Layers.Select(layer => layer.Name));
        Assert.Same(model.Parameters[0], inside.Parameters[0]);
        using var session = new InferenceSession(inside);
        float[] relu = new float[12], conv = new float[12], y = new float[2];
        session.Run([s_pixels.AsMemory()], [relu.AsMemory(), conv.AsMemory()]);
        Assert.Equal(relu, conv.Select(value => Math.Max(value, 0)));
        Assert.Contains(conv, value => value < 0);
        using var whole = new InferenceSession(model.WithOutputs("dense"));
        whole.Run(s_pixels, y);
        Assert.Equal(model.Predict(s_pixels), y);
    }

    [Fact]
    public void Layers_that_are_not_there_are_a_sentence()
    {
        Model model = Small();
        Assert.Contains("'none'", Assert.Throws<ArgumentException>(() => model.WithOutputs("none")).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => model.WithOutputs("relu", "relu")).Message,
            StringComparison.Ordinal);
        Assert.Contains("no layer", Assert.Throws<ArgumentException>(() => model.WithOutputs()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_say_their_attributes_and_which_are_outputs()
    {
        Model model = Small();
        Assert.Contains("\"filters\":3", model.Layers[1].Attributes, StringComparison.Ordinal);
        Assert.Equal("{}", model.Layers[0].Attributes);
        Assert.Equal("dense", Assert.Single(model.Layers, layer => layer.IsOutput).Name);
    }

    [Theory]
    [InlineData("squeezenet")]
    [InlineData("resnet18")]
    [InlineData("unet")]
    [InlineData("mobilenetv2")]
    public void Activations_of_a_plan_never_lie_over_each_other(string name)
    {
        PlanInfo plan = InferenceSession.DescribePlan(ModelZoo.Find(name)!.Build(), new SessionOptions { MaxBatch = 2 });
        Assert.NotEmpty(plan.Activations);
        Assert.Equal(plan.ArenaBytes, plan.Activations.Max(value => value.Offset + value.Bytes), 64.0);
        for (int step = 0; step < plan.Steps.Count; step++)
        {
            ActivationInfo[] alive = [.. plan.Activations.Where(value => value.FirstStep <= step && step <= value.LastStep)
                .OrderBy(value => value.Offset)];
            foreach ((ActivationInfo low, ActivationInfo high) in alive.Zip(alive.Skip(1)))
                Assert.True(low.Offset + low.Bytes <= high.Offset, $"step {step}: {low} and {high}");
            Assert.True(alive.Sum(value => value.Bytes) <= plan.MinArenaBytes);
        }

        // What a step writes to the arena is alive in that step.
        foreach ((PlanStepInfo step, int index) in plan.Steps.Select((step, index) => (step, index)))
        {
            if (step.Place.StartsWith("arena +", StringComparison.Ordinal))
            {
                long place = long.Parse(step.Place["arena +".Length..].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
                Assert.Contains(plan.Activations, value => value.FirstStep <= index && index <= value.LastStep
                    && value.Offset <= place && place < value.Offset + value.Bytes);
            }
        }
    }

    [Fact]
    public void A_plan_is_described_with_and_without_a_session()
    {
        Model model = Small();
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 2 });
        PlanInfo plan = session.DescribePlan();
        Assert.Equal(2, plan.MaxBatch);
        Assert.Equal(session.WeightBytes, plan.WeightBytes);
        Assert.Equal(session.WorkspaceBytes, plan.ArenaBytes + plan.ScratchBytes);
        Assert.InRange(plan.MinArenaBytes, 1, plan.ArenaBytes);
        Assert.Equal("output 1", plan.Steps[^1].Place);
        Assert.Equal(model.MultiplyAdds, plan.Steps.Sum(step => step.MultiplyAdds));
        Assert.Contains(plan.Passes, pass => pass.Pass == "FuseActivation" && pass.Notes.Count == 1);
        Assert.Equal(plan.Steps, InferenceSession.DescribePlan(model, new SessionOptions { MaxBatch = 2 }).Steps);
        Assert.Throws<ArgumentOutOfRangeException>(() => InferenceSession.DescribePlan(model, new SessionOptions { MaxBatch = 0 }));
    }

    [Fact]
    public void A_file_that_was_read_already_is_a_model()
    {
        using var folder = new TemporaryFolder();
        Model model = Small();
        model.Save(folder["m.safetensors"]);
        Model loaded = Model.Load(SafetensorsFile.Read(folder["m.safetensors"]));
        Assert.Equal(model.Predict(s_pixels), loaded.Predict(s_pixels));
    }

    [Fact]
    public void Image_sets_come_from_any_stream()
    {
        static Stream Open(string name) => new MemoryStream(name.Contains("images", StringComparison.Ordinal)
            ? [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9]
            : [0, 0, 8, 1, 0, 0, 0, 1, 4]);
        TrainTestDatasets data = IdxDataset.Load(Open, classes: 5);
        Assert.Equal(new Shape(1, 2, 1), data.Train.ImageShape);
        Assert.Equal(1, data.Test.Count);
        Assert.Throws<DataFormatException>(() => IdxDataset.Load(Open, classes: 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => IdxDataset.Load(Open, classes: 0));
    }

    private static Model Small() =>
        new Sequential(new Conv2D(3, 1, name: "conv"), new ReLU("relu"), new Flatten("flat"), new Dense(2, name: "dense"))
            .Build(new Shape(2, 2, 2), seed: 3);
}
