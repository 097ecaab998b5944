using CnnFast.Compile;
using CnnFast.Tests.Compile;

namespace CnnFast.Tests.Models;

/// <summary>The zoo: the architectures are those of the papers, compiled they compute the same, and their memory is planned well.</summary>
public sealed class ModelZooTests
{
    // Weights of the published nets; where there is normalisation, its two moving statistics a channel are counted too.
    public static TheoryData<string, long> Weights => new()
    {
        { "lenet5", 61_706 },
        { "mnist_cnn", 1_199_882 },
        { "vgg16", 138_357_544 },
        { "resnet18", 11_689_512 + (2 * 4_800) },
        { "resnet50", 25_557_032 + (2 * 26_560) },
        { "mobilenetv2", 3_504_872 + (2 * 17_056) },
        { "squeezenet", 1_235_496 },
    };

    public static TheoryData<string> Names => [.. ModelZoo.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Weights))]
    public void The_number_of_weights_is_the_published_one(string name, long expected) =>
        Assert.Equal(expected, ModelZoo.Find(name)!.Build().ParameterCount);

    [Theory]
    [MemberData(nameof(Names))]
    public void Compiled_a_net_computes_what_it_was_described_as(string name)
    {
        ZooModel zoo = ModelZoo.Find(name)!;
        Model model = zoo.Build(Small(zoo), 7, seed: 2);
        TestWeights.Spread(model);
        float[] input = TestModels.Input(model, 3);
        float[] expected = CompiledRun.Run(CompiledRun.Plan(model, []), input);
        float[] actual = CompiledRun.Run(CompiledRun.Plan(model, GraphCompiler.InferencePasses), input);
        double scale = expected.Max(value => Math.Abs(value));
        Assert.True(scale > 0, "the net computes zeros alone");
        for (int i = 0; i < actual.Length; i++)
            Assert.InRange(actual[i] - expected[i], -2e-4 * scale, 2e-4 * scale);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_arena_is_within_a_tenth_of_what_is_alive_at_once(string name)
    {
        ZooModel zoo = ModelZoo.Find(name)!;
        MemoryPlan memory = CompiledRun.Plan(zoo.Build(name.StartsWith("vgg16", StringComparison.Ordinal) ? new Shape(64, 64, 3) : null,
            10), GraphCompiler.InferencePasses).Memory;
        Assert.InRange(memory.Length, memory.LowerBound, (long)(1.1 * memory.LowerBound));
    }

    [Theory]
    [InlineData("squeezenet", 8, 0)]
    [InlineData("unet", 3, 3)]
    public void Concatenations_are_written_in_place_where_that_takes_no_more_memory(string name, int copies, int left)
    {
        ZooModel zoo = ModelZoo.Find(name)!;
        Model model = zoo.Build(Small(zoo), 7, seed: 2);
        ExecutionPlan inPlace = CompiledRun.Plan(model, GraphCompiler.InferencePasses);
        ExecutionPlan copying = CompiledRun.Plan(model, GraphCompiler.InferencePasses, concatenatesInPlace: false);
        Assert.Equal(left, inPlace.Steps.Count(step => step.Kind == "Concatenate"));
        Assert.Equal(copies, copying.Steps.Count(step => step.Kind == "Concatenate"));
        Assert.InRange(inPlace.Memory.Length, 1, copying.Memory.Length);
    }

    [Fact]
    public void Names_are_found_in_any_case()
    {
        Assert.Same(ModelZoo.ResNet50, ModelZoo.Find("ResNet50"));
        Assert.Null(ModelZoo.Find("resnet"));
        Assert.Equal(ModelZoo.All.Count, ModelZoo.All.Select(model => model.Name).Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => ModelZoo.UNet.Build(classes: 0));
    }

    private static Shape? Small(ZooModel zoo) =>
        zoo.InputShape[2] == 1 ? null : zoo.Name == "unet" ? new Shape(40, 24, 3) : new Shape(64, 96, 3);
}
