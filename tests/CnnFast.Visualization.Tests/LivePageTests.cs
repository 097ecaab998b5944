using System.Net;
using System.Net.Sockets;
using System.Text;
using CnnFast.Training;
using PuppeteerSharp;

namespace CnnFast.Visualization.Tests;

public sealed class LivePageTests
{
    [Fact]
    public async Task A_browser_follows_the_training_to_its_end()
    {
        await using Chromium chromium = await Chromium.StartAsync();
        var live = LivePage.Start();
        var trainer = new Trainer(SmallTraining.Net(), new Adam(3e-3f));
        var report = new TrainingReport(trainer, null, new TrainingReportOptions { Samples = SmallTraining.Train, Live = live });
        var opened = new ManualResetEventSlim();
        Task<FitResult> training = Task.Run(() =>
            trainer.Fit(SmallTraining.Train, SmallTraining.Options(report, new Waiter(opened))));
        await chromium.Page.GoToAsync(live.Address.AbsoluteUri, WaitUntilNavigation.Load);
        await chromium.Page.WaitForFunctionAsync("() => document.getElementById('state').textContent.startsWith('Training')");
        await chromium.Page.WaitForFunctionAsync("() => document.querySelectorAll('#curves').length === 1");
        opened.Set();
        await training;
        await chromium.Page.WaitForFunctionAsync("() => document.getElementById('state').textContent.startsWith('Complete: 3 of 3')");
        live.Dispose();
        await chromium.Page.WaitForFunctionAsync("() => said.textContent === 'The training has ended.'");
        await chromium.RequireSoundAsync();
        Assert.Equal(["/", "/events"], chromium.Requests.Select(request => new Uri(request).AbsolutePath));
        Assert.All(chromium.Requests, request => Assert.StartsWith(live.Address.AbsoluteUri, request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Readers_that_take_nothing_or_leave_do_not_hold_up_the_training()
    {
        using var live = LivePage.Start();
        using var stuck = new TcpClient();
        await stuck.ConnectAsync(IPAddress.Loopback, live.Port);
        await stuck.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{live.Port}\r\n\r\n"));
        using (var leaving = new TcpClient())
        {
            await leaving.ConnectAsync(IPAddress.Loopback, live.Port);
            await leaving.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{live.Port}\r\n\r\n"));
        }

        while (!live.HasReaders)
            await Task.Delay(5);
        byte[] large = new byte[4 << 20];
        Array.Fill(large, (byte)'1');
        for (int i = 0; i < 200; i++)
            live.Publish(large);
        var trainer = new Trainer(SmallTraining.Net(), new Adam(3e-3f));
        var report = new TrainingReport(trainer, null, new TrainingReportOptions { Live = live });
        Assert.Equal(3, trainer.Fit(SmallTraining.Train, SmallTraining.Options(report)).Epochs.Count);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\n\r\n", "200 OK")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost:{0}\r\n\r\n", "200 OK")]
    [InlineData("GET / HTTP/1.1\r\nHost: evil.example:{0}\r\n\r\n", "403 Forbidden")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "403 Forbidden")]
    [InlineData("POST / HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\n\r\n", "405 Method Not Allowed")]
    [InlineData("GET /other HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\n\r\n", "404 Not Found")]
    public async Task Only_GET_under_its_own_name_is_answered(string request, string status)
    {
        using var live = LivePage.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, live.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            request.Replace("{0}", live.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        using var reader = new StreamReader(client.GetStream());
        Assert.Equal("HTTP/1.1 " + status, await reader.ReadLineAsync());
    }

    [Theory]
    [InlineData("127.0.0.1", 80, true)]
    [InlineData("localhost", 80, true)]
    [InlineData("127.0.0.1:80", 80, true)]
    [InlineData("127.0.0.1", 8080, false)]
    [InlineData("127.0.0.1:80", 8080, false)]
    [InlineData("evil.example", 80, false)]
    [InlineData("", 80, false)]
    public void The_port_of_HTTP_may_be_left_out(string host, int port, bool isOwn) => Assert.Equal(isOwn, LivePage.IsOwnName(host, port));

    [Fact]
    public void A_port_in_use_is_one_sentence()
    {
        using var first = LivePage.Start();
        IOException failure = Assert.Throws<IOException>(() => LivePage.Start(first.Port));
        Assert.StartsWith($"Port {first.Port} of 127.0.0.1 cannot be used", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LivePage.Start(70_000));
    }

    private sealed class Waiter(ManualResetEventSlim opened) : TrainingCallback
    {
        public override void OnEpoch(EpochResult result)
        {
            if (result.Epoch == 1)
                opened.Wait(TimeSpan.FromMinutes(2));
        }
    }
}
